import type { Env } from "../env.ts";
import { InvalidBound } from "../errors.ts";
import { RewardWrapper } from "./wrapper.ts";

/** Keeps rewards within bounds; a null bound is none. */
export class ClipReward<Obs, Action> extends RewardWrapper<Obs, Action> {
  readonly #min: number;
  readonly #max: number;

  /** Throws InvalidBound when both bounds are null or the lower is above the upper. */
  constructor(env: Env<Obs, Action>, minReward: number | null = null, maxReward: number | null = null) {
    super(env, { minReward, maxReward });
    if (minReward === null && maxReward === null)
      throw new InvalidBound("ClipReward: expected minReward, maxReward or both");
    this.#min = minReward ?? -Infinity;
    this.#max = maxReward ?? Infinity;
    if (this.#max < this.#min)
      throw new InvalidBound(`ClipReward: minReward (${minReward}) is above maxReward (${maxReward})`);
  }

  override reward(reward: number): number {
    return Math.min(Math.max(reward, this.#min), this.#max);
  }
}
