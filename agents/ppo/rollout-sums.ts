import type { RunningMoments } from "../rollout/running-moments.ts";
import type { PpoShard } from "./ppo-shard.ts";

const REWARD = 0;
const OBS = 1;
const EPISODES_IN_MEMORY = 2;
const EPISODE_RETURNS = 3;
const EPISODE_LENGTHS = 4;
const NUM_EPISODES = 5;
const ROWS = 6;
const RETURNS = 7;
const RETURN_SQUARES = 8;
const ERRORS = 9;
const ERROR_SQUARES = 10;
const REWARD_MOMENTS = 11; // count, mean, m2
const OBS_MOMENTS = 14; // count, mean [D], m2 [D]; then per minibatch: count, sum and squares of its advantages
const PER_MINIBATCH = 3;
const ADVANTAGE_EPSILON = 1e-8;

/**
 * What shards tell each other about their rollouts: float64 sums, written into one slot per shard and combined in shard order, so that the
 * result is the same whoever computed which shard.
 */
export class RolloutSums {
  readonly #D: number;
  readonly #all: Float64Array;
  readonly #advantages: number;

  constructor(D: number, numMinibatches: number) {
    this.#D = D;
    this.#all = new Float64Array(RolloutSums.length(D, numMinibatches));
    this.#advantages = OBS_MOMENTS + 1 + 2 * D;
  }

  /** Numbers in one slot; `numMinibatches` of all epochs. */
  static length(D: number, numMinibatches: number): number {
    return OBS_MOMENTS + 1 + 2 * D + PER_MINIBATCH * numMinibatches;
  }

  get obs(): number {
    return this.#all[OBS]!;
  }
  get reward(): number {
    return this.#all[REWARD]!;
  }
  get errorSquares(): number {
    return this.#all[ERROR_SQUARES]!;
  }
  get numEpisodes(): number {
    return this.#all[NUM_EPISODES]!;
  }
  get episodesInMemory(): number {
    return this.#all[EPISODES_IN_MEMORY]!;
  }
  get episodeReturns(): number {
    return this.#all[EPISODE_RETURNS]!;
  }
  get episodeLengths(): number {
    return this.#all[EPISODE_LENGTHS]!;
  }

  /** What is known before advantages are. */
  writeRollout(slot: Float64Array, { rollout, discounted }: PpoShard): void {
    const { trajectory, statistics, obsMoments } = rollout;
    slot[REWARD] = sumOf(trajectory.reward);
    slot[OBS] = trajectory.obs instanceof Uint8Array ? 0 : sumOf(trajectory.obs);
    const [count, returns, lengths] = statistics.sums();
    slot[EPISODES_IN_MEMORY] = count;
    slot[EPISODE_RETURNS] = returns;
    slot[EPISODE_LENGTHS] = lengths;
    slot[NUM_EPISODES] = statistics.numEpisodes;
    writeMoments(slot, REWARD_MOMENTS, discounted.moments);
    if (obsMoments) writeMoments(slot, OBS_MOMENTS, obsMoments);
  }

  /** What is known once advantages are; B columns per minibatch. */
  writeTargets(slot: Float64Array, shard: PpoShard, B: number): void {
    const { trajectory } = shard.rollout;
    const { returns, advantages, order } = shard;
    slot.fill(0, ROWS, REWARD_MOMENTS);
    slot[ROWS] = returns.length;
    for (let i = 0; i < returns.length; i++) {
      const error = returns[i]! - trajectory.value[i]!;
      slot[RETURNS]! += returns[i]!;
      slot[RETURN_SQUARES]! += returns[i]! * returns[i]!;
      slot[ERRORS]! += error;
      slot[ERROR_SQUARES]! += error * error;
    }
    const { T, N } = trajectory;
    for (let o = 0, at = this.#advantages; o < order.columns.length; o += B, at += PER_MINIBATCH) {
      let sum = 0;
      let squares = 0;
      for (let b = 0; b < B; b++)
        for (let i = order.columns[o + b]!; i < T * N; i += N) {
          sum += advantages[i]!;
          squares += advantages[i]! * advantages[i]!;
        }
      slot[at] = T * B;
      slot[at + 1] = sum;
      slot[at + 2] = squares;
    }
  }

  clear(): void {
    this.#all.fill(0);
  }

  /** Adds a shard's slot. Call in shard order. */
  add(slot: Float64Array): void {
    for (let i = 0; i < slot.length; i++) this.#all[i]! += slot[i]!;
  }

  /** Merges a shard's moments of discounted returns. Call in shard order. */
  mergeRewards(slot: Float64Array, into: RunningMoments): void {
    mergeMoments(slot, REWARD_MOMENTS, 1, into);
  }

  /** Merges a shard's moments of observations. Call in shard order. */
  mergeObs(slot: Float64Array, into: RunningMoments): void {
    mergeMoments(slot, OBS_MOMENTS, this.#D, into);
  }

  /** Mean and inverse deviation of the advantages of minibatch `index` of the iteration, all shards together. */
  advantageMoments(index: number, out: { advantageMean: number; advantageScale: number }): void {
    const at = this.#advantages + index * PER_MINIBATCH;
    const count = this.#all[at]!;
    const mean = this.#all[at + 1]! / count;
    const variance = Math.max(0, this.#all[at + 2]! / count - mean * mean);
    out.advantageMean = mean;
    out.advantageScale = 1 / (Math.sqrt(variance) + ADVANTAGE_EPSILON);
  }

  /** 1 - Var(return - value) / Var(return): 1 is a perfect critic, 0 no better than a constant. 0 where returns do not vary. */
  explainedVariance(): number {
    const n = this.#all[ROWS]!;
    const variance = (sum: number, squares: number): number => squares / n - (sum / n) ** 2;
    const ofReturns = variance(this.#all[RETURNS]!, this.#all[RETURN_SQUARES]!);
    return ofReturns > 0 ? 1 - variance(this.#all[ERRORS]!, this.#all[ERROR_SQUARES]!) / ofReturns : 0;
  }
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  return sum;
}

function writeMoments(slot: Float64Array, at: number, { count, mean, m2 }: RunningMoments): void {
  slot[at] = count;
  slot.set(mean, at + 1);
  slot.set(m2, at + 1 + mean.length);
}

function mergeMoments(slot: Float64Array, at: number, D: number, into: RunningMoments): void {
  into.merge(slot[at]!, slot.subarray(at + 1, at + 1 + D), slot.subarray(at + 1 + D, at + 1 + 2 * D));
}
