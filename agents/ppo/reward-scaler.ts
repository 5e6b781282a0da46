import { RunningMoments } from "../rollout/running-moments.ts";
import type { Trajectory } from "../rollout/trajectory.ts";

const EPSILON = 1e-8;
const CLIP = 10;

/**
 * Discounted returns so far of a shard's envs, whose deviation rewards are divided by (as in Gymnasium's NormalizeReward). The moments of
 * one rollout are kept apart, to be merged over shards in shard order.
 */
export class DiscountedReturns {
  /** [N] */
  readonly running: Float64Array;
  /** of the last rollout */
  readonly moments = new RunningMoments(1);
  readonly #one = new Float64Array(1);

  constructor(N: number) {
    this.running = new Float64Array(N);
  }

  /** Takes in a rollout. */
  add({ T, N, reward, terminated, truncated }: Trajectory, gamma: number): void {
    this.moments.clear();
    for (let row = 0; row < T * N; row++) {
      const n = row % N;
      this.#one[0] = this.running[n]! * gamma + reward[row]!;
      this.moments.add(this.#one, 0);
      this.running[n] = terminated[row] === 1 || truncated[row] === 1 ? 0 : this.#one[0];
    }
  }
}

/** scaled <- clip(reward * factor, ±10) where rewards are normalised, reward * factor otherwise. */
export function scaleRewards(reward: Float32Array, scaled: Float32Array, factor: number, isClipped: boolean): void {
  const limit = isClipped ? CLIP : Infinity;
  for (let i = 0; i < reward.length; i++) scaled[i] = Math.min(Math.max(reward[i]! * factor, -limit), limit);
}

/** 1 / deviation of the discounted returns seen so far. */
export const rewardFactor = (moments: RunningMoments): number => 1 / Math.sqrt(moments.variance(0) + EPSILON);
