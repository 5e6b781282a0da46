import type { VectorEnv, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";

/** Applies a function to each reward. */
export class VectorTransformReward extends VectorWrapper {
  readonly #transform: (reward: number) => number;

  constructor(env: VectorEnv, transform: (reward: number) => number) {
    super(env);
    this.#transform = transform;
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, ...rest] = this.env.step(actions);
    return [obs, rewards.map(this.#transform), ...rest];
  }
}
