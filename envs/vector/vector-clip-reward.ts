import { InvalidBound } from "../errors.ts";
import type { VectorEnv } from "./vector-env.ts";
import { VectorTransformReward } from "./vector-transform-reward.ts";

/** Keeps rewards within bounds. */
export class VectorClipReward extends VectorTransformReward {
  /** Throws InvalidBound when the lower bound is above the upper. */
  constructor(env: VectorEnv, minReward = -Infinity, maxReward = Infinity) {
    if (minReward > maxReward) throw new InvalidBound(`VectorClipReward: ${minReward} is above ${maxReward}`);
    super(env, (reward) => Math.min(Math.max(reward, minReward), maxReward));
  }
}
