import { ValueError } from "../errors.ts";
import { defaultRng } from "../random/generator.ts";
import type { Generator } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { checkKwargs } from "../world/check-kwargs.ts";
import type { World } from "../world/world.ts";
import { readBound } from "./cart-pole.ts";
import { drawMountainCar } from "./mountain-car-picture.ts";

const MIN_POSITION = -1.2;
const MAX_POSITION = 0.6;
const MAX_SPEED = 0.07;
const GRAVITY = 0.0025;
const FORCE = 0.001;
const POWER = 0.0015;

/** State of both mountain cars; position and velocity have the units of the original (no metres). */
export interface MountainCarState {
  position: number;
  velocity: number;
  /** Continuous only: whether a step was taken. The reference keeps the start in float64 and later states in float32. */
  isFloat32: boolean;
}

type MountainCarWorld = World<MountainCarState, Generator>;

/** The world of `MountainCar-v0`: rock an underpowered car up a hill, three actions. Gymnasium's MountainCar. See README.md beside this file. */
export function mountainCar(kwargs: Kwargs = {}): MountainCarWorld {
  const { goalVelocity } = checkKwargs("MountainCar", kwargs, { goalVelocity: 0 });
  const goal = 0.5;
  return {
    ...shared("MountainCar", goal),
    actionSpace: new Discrete(3),
    step: (state, actions, at, _random, outcome) => {
      let velocity = state.velocity + ((actions[at]! - 1) * FORCE + Math.cos(3 * state.position) * -GRAVITY);
      velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
      const position = Math.min(Math.max(state.position + velocity, MIN_POSITION), MAX_POSITION);
      if (position === MIN_POSITION && velocity < 0) velocity = 0;
      state.position = position;
      state.velocity = velocity;
      outcome.terminated = position >= goal && velocity >= goalVelocity;
      outcome.reward = -1;
    },
  };
}

/** The world of `MountainCarContinuous-v0`: the same hill, force in [-1, 1]. Gymnasium's MountainCarContinuous. See README.md beside this file. */
export function mountainCarContinuous(kwargs: Kwargs = {}): MountainCarWorld {
  const { goalVelocity } = checkKwargs("MountainCarContinuous", kwargs, { goalVelocity: 0 });
  const goal = 0.45;
  const round = Math.fround;
  return {
    ...shared("MountainCarContinuous", goal),
    actionSpace: new Box(-1, 1, { shape: [1] }),
    step: (state, actions, at, _random, outcome) => {
      const force = actions[at]!;
      const slope = 3 * state.position;
      const cos = Math.cos(state.isFloat32 ? round(slope) : slope);
      const push = round(round(force * round(POWER)) - round(GRAVITY * cos));
      let velocity = state.velocity + push;
      if (state.isFloat32) velocity = round(velocity);
      velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
      let position = state.position + (state.isFloat32 ? round(velocity) : velocity);
      if (state.isFloat32) position = round(position);
      position = Math.min(Math.max(position, MIN_POSITION), MAX_POSITION);
      if (position === MIN_POSITION && velocity < 0) velocity = 0;
      const isThere = state.isFloat32 ? round(position) >= round(goal) : position >= goal;
      outcome.terminated = isThere && velocity >= goalVelocity;
      outcome.reward = (outcome.terminated ? 100 : 0) - force * force * 0.1;
      state.position = round(position);
      state.velocity = round(velocity);
      state.isFloat32 = true;
    },
  };
}

function shared(name: string, goal: number): Omit<MountainCarWorld, "actionSpace" | "step"> {
  return {
    name,
    observationSpace: new Box([MIN_POSITION, -MAX_SPEED], [MAX_POSITION, MAX_SPEED]),
    metadata: { renderFps: 30 },
    createRandom: defaultRng,
    createState: () => ({ position: 0, velocity: 0, isFloat32: false }),
    reset: resetCar,
    observe: (state, obs, at) => {
      obs[at] = state.position;
      obs[at + 1] = state.velocity;
    },
    save: ({ position, velocity, isFloat32 }, writer) => {
      writer.float64s([position, velocity]);
      writer.uint8(isFloat32 ? 1 : 0);
    },
    load: (state, reader) => {
      state.position = reader.float64();
      state.velocity = reader.float64();
      state.isFloat32 = reader.uint8(1) === 1;
    },
    draw: ({ position }) => drawMountainCar(position, goal, MIN_POSITION, MAX_POSITION),
  };
}

/** Starts at rest in the valley: one uniform draw in [-0.6, -0.4), unless `options.low` and `options.high` say otherwise. */
function resetCar(state: MountainCarState, random: Generator, options?: Kwargs): void {
  const [low, high] = [readBound(options?.["low"], -0.6), readBound(options?.["high"], -0.4)];
  if (low > high) throw new ValueError(`MountainCar.reset options: low (${low}) must not be above high (${high})`);
  state.position = random.uniform(low, high);
  state.velocity = 0;
  state.isFloat32 = false;
}
