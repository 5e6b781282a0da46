import type { ObsArray } from "../batch-env.ts";
import { ValueError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { defaultRng } from "../random/generator.ts";
import type { Generator } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import { checkKwargs } from "../world/check-kwargs.ts";
import type { World } from "../world/world.ts";
import { drawPendulum } from "./pendulum-picture.ts";

const MAX_SPEED = 8; // rad/s
const MAX_TORQUE = 2; // N m
const STEP_SECONDS = 0.05;
const MASS = 1; // kg
const LENGTH = 1; // m

/** State of Pendulum: `theta` is the angle from upright [rad], `thetaDot` its speed [rad/s], `torque` the last one applied [N m]. */
export interface PendulumState {
  theta: number;
  thetaDot: number;
  /** 0 before the first step. */
  torque: number;
}

/** The world of `Pendulum-v1`: swing a pendulum up and hold it. Gymnasium's Pendulum, the same float64 operations in the same order. See README.md beside this file. */
export function pendulum(kwargs: Kwargs = {}): World<PendulumState, Generator> {
  const { g } = checkKwargs("Pendulum", kwargs, { g: 10 });
  return {
    name: "Pendulum",
    observationSpace: new Box([-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]),
    actionSpace: new Box(-MAX_TORQUE, MAX_TORQUE, { shape: [1] }),
    metadata: { renderFps: 30 },
    createRandom: defaultRng,
    createState: () => ({ theta: 0, thetaDot: 0, torque: 0 }),
    reset: resetPendulum,
    step: (state, actions, at, _random, outcome) => {
      const { theta, thetaDot } = state;
      const torque = actions[at]!;
      const angle = normalizeAngle(theta);
      // The torque is a float32: its products with constants are rounded to float32, as numpy 2 does.
      const torqueCost = Math.fround(Math.fround(0.001) * Math.fround(torque * torque));
      outcome.reward = -(angle * angle + 0.1 * (thetaDot * thetaDot) + torqueCost);
      const gravity = ((3 * g) / (2 * LENGTH)) * Math.sin(theta);
      const push = Math.fround((3.0 / (MASS * LENGTH ** 2)) * torque);
      const speed = thetaDot + (gravity + push) * STEP_SECONDS;
      state.thetaDot = Math.min(Math.max(speed, -MAX_SPEED), MAX_SPEED);
      state.theta = theta + state.thetaDot * STEP_SECONDS;
      state.torque = torque;
    },
    observe: observePendulum,
    save: ({ theta, thetaDot, torque }, writer) => writer.float64s([theta, thetaDot, torque]),
    load: (state, reader) => {
      state.theta = reader.float64();
      state.thetaDot = reader.float64();
      state.torque = reader.float64();
    },
    draw: ({ theta, torque }): Frame => drawPendulum(theta, torque, LENGTH),
  };
}

/** The angle in [-pi, pi). */
function normalizeAngle(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = (angle + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}

/** Starts anywhere: theta uniform in [-pi, pi), thetaDot in [-1, 1), unless `options.x_init` and `options.y_init` give other ranges. */
function resetPendulum(state: PendulumState, random: Generator, options?: Kwargs): void {
  const [x, y] = [readRange(options?.["x_init"], Math.PI), readRange(options?.["y_init"], 1)];
  state.theta = random.uniform(-x, x);
  state.thetaDot = random.uniform(-y, y);
  state.torque = 0;
}

function readRange(value: unknown, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === "number" && Number.isFinite(value) && value >= 0) return value;
  throw new ValueError(`Pendulum.reset options: got ${JSON.stringify(value)}, expected a number of at least 0`);
}

function observePendulum({ theta, thetaDot }: PendulumState, obs: ObsArray, at: number): void {
  obs[at] = Math.cos(theta);
  obs[at + 1] = Math.sin(theta);
  obs[at + 2] = thetaDot;
}
