import type { WorldNames } from "./describe-circuit.ts";

const BY_WORLD: readonly (readonly [RegExp, WorldNames])[] = [
  [/^CartPoleNoVel/, { obs: ["position", "pole angle"], actions: ["push left", "push right"] }],
  [/^CartPoleFrames/, { obs: [], actions: ["push left", "push right"] }],
  [/^CartPole/, { obs: ["position", "velocity", "pole angle", "pole rate"], actions: ["push left", "push right"] }],
  [/^MountainCarContinuous/, { obs: ["position", "velocity"], actions: ["force"] }],
  [/^MountainCar/, { obs: ["position", "velocity"], actions: ["push left", "coast", "push right"] }],
  [
    /^Acrobot/,
    { obs: ["cos θ₁", "sin θ₁", "cos θ₂", "sin θ₂", "rate 1", "rate 2"], actions: ["torque −", "coast", "torque +"] },
  ],
  [/^Pendulum/, { obs: ["cos θ", "sin θ", "rate"], actions: ["torque"] }],
  [/^MinAtar(Frames)?\/(.*-v0|Seaquest-v1)$/, { obs: [], actions: ["stay", "left", "up", "right", "down", "fire"] }],
  [/^MinAtar(Frames)?\/Asterix-v1/, { obs: [], actions: ["stay", "left", "up", "right", "down"] }],
  [/^MinAtar(Frames)?\/Breakout-v1/, { obs: [], actions: ["stay", "left", "right"] }],
  [/^MinAtar(Frames)?\/Freeway-v1/, { obs: [], actions: ["stay", "up", "down"] }],
  [/^MinAtar(Frames)?\/SpaceInvaders-v1/, { obs: [], actions: ["stay", "left", "right", "fire"] }],
  [/^LaneKeeping/, { obs: [], actions: ["steering", "throttle"] }],
];

/** Names of a world's inputs and actions, for labels; empty for worlds not known here. */
export function worldNames(envId: string): WorldNames {
  return BY_WORLD.find(([pattern]) => pattern.test(envId))?.[1] ?? { obs: [], actions: [] };
}
