import type { Env } from "../env.ts";
import { RewardWrapper } from "./wrapper.ts";

/** Applies a function to each reward. */
export class TransformReward<Obs, Action> extends RewardWrapper<Obs, Action> {
  readonly #transform: (reward: number) => number;

  constructor(env: Env<Obs, Action>, transform: (reward: number) => number) {
    super(env);
    this.#transform = transform;
  }

  override reward(reward: number): number {
    return this.#transform(reward);
  }
}
