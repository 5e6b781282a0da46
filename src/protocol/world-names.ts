import type { WorldNames } from "./describe-circuit.ts";

const MINATAR_ACTIONS = ["stay", "left", "up", "right", "down", "fire"] as const;

const BY_WORLD: readonly (readonly [RegExp, WorldNames])[] = [
  [/^CartPole/, { obs: ["position", "velocity", "pole angle", "pole rate"], actions: ["push left", "push right"] }],
  [/^MountainCarContinuous/, { obs: ["position", "velocity"], actions: ["force"] }],
  [/^MountainCar/, { obs: ["position", "velocity"], actions: ["push left", "coast", "push right"] }],
  [
    /^Acrobot/,
    { obs: ["cos θ₁", "sin θ₁", "cos θ₂", "sin θ₂", "rate 1", "rate 2"], actions: ["torque −", "coast", "torque +"] },
  ],
  [/^Pendulum/, { obs: ["cos θ", "sin θ", "rate"], actions: ["torque"] }],
  [/^MinAtar\//, { obs: [], actions: MINATAR_ACTIONS }],
];

/** Names of a world's inputs and actions, for labels; empty for worlds not known here. */
export function worldNames(envId: string): WorldNames {
  return BY_WORLD.find(([pattern]) => pattern.test(envId))?.[1] ?? { obs: [], actions: [] };
}
