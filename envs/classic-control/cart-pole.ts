import type { ObsArray } from "../batch-env.ts";
import { ValueError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { defaultRng } from "../random/generator.ts";
import type { Generator } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { checkKwargs } from "../world/check-kwargs.ts";
import type { ActionArray, Outcome, World } from "../world/world.ts";
import { drawCartPole } from "./cart-pole-picture.ts";

const GRAVITY = 9.8; // m/s²
const CART_MASS = 1.0; // kg
const POLE_MASS = 0.1; // kg
const TOTAL_MASS = POLE_MASS + CART_MASS;
const HALF_LENGTH = 0.5; // m, from the joint to the pole's centre of mass
const POLE_MASS_LENGTH = POLE_MASS * HALF_LENGTH;
const FORCE = 10.0; // N
const STEP_SECONDS = 0.02;
const START_RANGE = 0.05;

/** The cart's distance from the centre at which an episode ends, m. */
export const X_LIMIT = 2.4;
/** The pole's angle from upright at which an episode ends, rad (12 degrees). */
export const THETA_LIMIT = (12 * 2 * Math.PI) / 360;

/** State of CartPole in SI units; `theta` is the angle from upright, positive to the right. */
export interface CartPoleState {
  /** Cart position [m]. */
  x: number;
  /** Cart speed [m/s]. */
  xDot: number;
  /** Pole angle [rad]. */
  theta: number;
  /** Its speed [rad/s]. */
  thetaDot: number;
  /** Whether the pole has fallen; later steps earn nothing more. */
  hasEnded: boolean;
}

/** Arguments of CartPole, as `make("CartPole-v1", …)` takes them. */
export interface CartPoleKwargs {
  /** Reward 0 while running and -1 at the end, instead of 1 for each step. Default false. */
  readonly suttonBartoReward: boolean;
  /** `euler` (default), or anything else for semi-implicit Euler. */
  readonly kinematicsIntegrator: string;
}

/** The world of `CartPole-v1`: balance a pole on a cart. Gymnasium's CartPole, the same float64 operations in the same order. See README.md beside this file. */
export function cartPole(kwargs: Kwargs = {}): World<CartPoleState, Generator> {
  const { suttonBartoReward, kinematicsIntegrator } = checkKwargs<CartPoleKwargs & Kwargs>("CartPole", kwargs, {
    suttonBartoReward: false,
    kinematicsIntegrator: "euler",
  });
  const isEuler = kinematicsIntegrator === "euler";
  const bound = [2 * X_LIMIT, Infinity, 2 * THETA_LIMIT, Infinity];
  return {
    name: "CartPole",
    observationSpace: new Box(
      bound.map((b) => -b),
      bound,
    ),
    actionSpace: new Discrete(2),
    metadata: { renderFps: 50 },
    createRandom: defaultRng,
    createState: () => ({ x: 0, xDot: 0, theta: 0, thetaDot: 0, hasEnded: false }),
    reset: resetCartPole,
    step: (state: CartPoleState, actions: ActionArray, at: number, _random: Generator, outcome: Outcome): void => {
      moveCartPole(state, actions[at] === 1 ? FORCE : -FORCE, isEuler);
      const terminated = hasFallen(state);
      outcome.terminated = terminated;
      if (suttonBartoReward) outcome.reward = terminated ? -1 : 0;
      else outcome.reward = terminated && state.hasEnded ? 0 : 1;
      state.hasEnded ||= terminated;
    },
    observe: observeCartPole,
    save: saveCartPole,
    load: loadCartPole,
    draw: drawState,
  };
}

/** One step of the equations of motion under a horizontal force, in place. */
export function moveCartPole(state: CartPoleState, force: number, isEuler: boolean): void {
  const { x, xDot, theta, thetaDot } = state;
  const cos = Math.cos(theta);
  const sin = Math.sin(theta);
  const temp = (force + POLE_MASS_LENGTH * (thetaDot * thetaDot) * sin) / TOTAL_MASS;
  const thetaAcc = (GRAVITY * sin - cos * temp) / (HALF_LENGTH * (4.0 / 3.0 - (POLE_MASS * (cos * cos)) / TOTAL_MASS));
  const xAcc = temp - (POLE_MASS_LENGTH * thetaAcc * cos) / TOTAL_MASS;
  state.xDot = xDot + STEP_SECONDS * xAcc;
  state.thetaDot = thetaDot + STEP_SECONDS * thetaAcc;
  state.x = x + STEP_SECONDS * (isEuler ? xDot : state.xDot);
  state.theta = theta + STEP_SECONDS * (isEuler ? thetaDot : state.thetaDot);
}

/** Whether cart or pole left their limits. */
export function hasFallen({ x, theta }: CartPoleState): boolean {
  return x < -X_LIMIT || x > X_LIMIT || theta < -THETA_LIMIT || theta > THETA_LIMIT;
}

/** Starts near upright: four uniform draws, in [-0.05, 0.05) unless `options.low` and `options.high` say otherwise. */
function resetCartPole(state: CartPoleState, random: Generator, options?: Kwargs): void {
  const low = readBound(options?.["low"], -START_RANGE);
  const high = readBound(options?.["high"], START_RANGE);
  if (low > high) throw new ValueError(`CartPole.reset options: low (${low}) must not be above high (${high})`);
  state.x = random.uniform(low, high);
  state.xDot = random.uniform(low, high);
  state.theta = random.uniform(low, high);
  state.thetaDot = random.uniform(low, high);
  state.hasEnded = false;
}

/** A bound of the start state. Throws ValueError unless it is a finite number. */
export function readBound(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ValueError(`CartPole.reset options: got ${JSON.stringify(value)}, expected a number`);
}

function observeCartPole(state: CartPoleState, obs: ObsArray, at: number): void {
  obs[at] = state.x;
  obs[at + 1] = state.xDot;
  obs[at + 2] = state.theta;
  obs[at + 3] = state.thetaDot;
}

function saveCartPole({ x, xDot, theta, thetaDot, hasEnded }: CartPoleState, writer: ByteWriter): void {
  writer.float64s([x, xDot, theta, thetaDot]);
  writer.uint8(hasEnded ? 1 : 0);
}

function loadCartPole(state: CartPoleState, reader: ByteReader): void {
  state.x = reader.float64();
  state.xDot = reader.float64();
  state.theta = reader.float64();
  state.thetaDot = reader.float64();
  state.hasEnded = reader.uint8(1) === 1;
}

function drawState({ x, theta }: CartPoleState): Frame {
  return drawCartPole(x, theta, X_LIMIT);
}
