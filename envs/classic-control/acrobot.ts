import type { ObsArray } from "../batch-env.ts";
import { ValueError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { defaultRng } from "../random/generator.ts";
import type { Generator } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { checkKwargs } from "../world/check-kwargs.ts";
import type { World } from "../world/world.ts";
import { drawAcrobot } from "./acrobot-picture.ts";
import { readBound } from "./cart-pole.ts";

const STEP_SECONDS = 0.2;
const LINK_LENGTH = 1; // m, of the first link (the second's plays no part)
const LINK_MASS = 1; // kg, each
const LINK_CENTRE = 0.5; // m, from a link's joint to its centre of mass
const LINK_INERTIA = 1; // kg m²
const GRAVITY = 9.8;
const MAX_SPEED_1 = 4 * Math.PI;
const MAX_SPEED_2 = 9 * Math.PI;

/** State of Acrobot: angles and their speeds. */
export interface AcrobotState {
  /** theta1 (from hanging down), theta2 (relative to the first link) [rad], theta1Dot, theta2Dot [rad/s]. */
  readonly joints: Float64Array;
  /** Work space of the integrator. */
  readonly work: AcrobotWork;
}

interface AcrobotWork {
  readonly k: readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  readonly probe: Float64Array;
}

/** The world of `Acrobot-v1`: swing a two-link pendulum above a line, torque at the middle joint. Gymnasium's Acrobot. See README.md beside this file. */
export function acrobot(kwargs: Kwargs = {}): World<AcrobotState, Generator> {
  checkKwargs("Acrobot", kwargs, {});
  const bound = [1, 1, 1, 1, MAX_SPEED_1, MAX_SPEED_2];
  const four = (): Float64Array => new Float64Array(4);
  return {
    name: "Acrobot",
    observationSpace: new Box(
      bound.map((b) => -b),
      bound,
    ),
    actionSpace: new Discrete(3),
    metadata: { renderFps: 15 },
    createRandom: defaultRng,
    createState: () => ({ joints: four(), work: { k: [four(), four(), four(), four()], probe: four() } }),
    reset: (state, random, options) => {
      const [low, high] = [readBound(options?.["low"], -0.1), readBound(options?.["high"], 0.1)];
      if (low > high) throw new ValueError(`Acrobot.reset options: low (${low}) must not be above high (${high})`);
      for (let i = 0; i < 4; i++) state.joints[i] = Math.fround(random.uniform(low, high));
    },
    step: ({ joints, work }, actions, at, _random, outcome) => {
      integrate(joints, actions[at]! - 1, work);
      joints[0] = wrap(joints[0]!);
      joints[1] = wrap(joints[1]!);
      joints[2] = Math.min(Math.max(joints[2]!, -MAX_SPEED_1), MAX_SPEED_1);
      joints[3] = Math.min(Math.max(joints[3]!, -MAX_SPEED_2), MAX_SPEED_2);
      outcome.terminated = -Math.cos(joints[0]!) - Math.cos(joints[1]! + joints[0]!) > 1;
      outcome.reward = outcome.terminated ? 0 : -1;
    },
    observe: observeAcrobot,
    save: ({ joints }, writer) => writer.float64s(joints),
    load: ({ joints }, reader) => reader.float64s(joints),
    draw: ({ joints }): Frame => drawAcrobot(joints[0]!, joints[1]!, LINK_LENGTH),
  };
}

/** One Runge-Kutta step of order 4 under a constant torque [N m], in place. */
function integrate(joints: Float64Array, torque: number, { k, probe }: AcrobotWork): void {
  const half = STEP_SECONDS / 2;
  const [k1, k2, k3, k4] = k;
  differentiate(joints, torque, k1);
  for (let i = 0; i < 4; i++) probe[i] = joints[i]! + half * k1[i]!;
  differentiate(probe, torque, k2);
  for (let i = 0; i < 4; i++) probe[i] = joints[i]! + half * k2[i]!;
  differentiate(probe, torque, k3);
  for (let i = 0; i < 4; i++) probe[i] = joints[i]! + STEP_SECONDS * k3[i]!;
  differentiate(probe, torque, k4);
  for (let i = 0; i < 4; i++)
    joints[i] = joints[i]! + (STEP_SECONDS / 6.0) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
}

/** Equations of motion as in Sutton and Barto's book; writes the time derivative of the joints. */
function differentiate(joints: Float64Array, torque: number, out: Float64Array): void {
  const theta1 = joints[0]!;
  const theta2 = joints[1]!;
  const speed1 = joints[2]!;
  const speed2 = joints[3]!;
  const [m, l, c, inertia, g] = [LINK_MASS, LINK_LENGTH, LINK_CENTRE, LINK_INERTIA, GRAVITY];
  const [cos2, sin2] = [Math.cos(theta2), Math.sin(theta2)];
  const d1 = m * c ** 2 + m * (l ** 2 + c ** 2 + 2 * l * c * cos2) + inertia + inertia;
  const d2 = m * (c ** 2 + l * c * cos2) + inertia;
  const phi2 = m * c * g * Math.cos(theta1 + theta2 - Math.PI / 2);
  const phi1 =
    -m * l * c * (speed2 * speed2) * sin2 -
    2 * m * l * c * speed2 * speed1 * sin2 +
    (m * c + m * l) * g * Math.cos(theta1 - Math.PI / 2) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - m * l * c * (speed1 * speed1) * sin2 - phi2) / (m * c ** 2 + inertia - (d2 * d2) / d1);
  out[0] = speed1;
  out[1] = speed2;
  out[2] = -(d2 * acceleration2 + phi1) / d1;
  out[3] = acceleration2;
}

/** The angle in [-pi, pi]. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}

function observeAcrobot({ joints }: AcrobotState, obs: ObsArray, at: number): void {
  obs[at] = Math.cos(joints[0]!);
  obs[at + 1] = Math.sin(joints[0]!);
  obs[at + 2] = Math.cos(joints[1]!);
  obs[at + 3] = Math.sin(joints[1]!);
  obs[at + 4] = joints[2]!;
  obs[at + 5] = joints[3]!;
}
