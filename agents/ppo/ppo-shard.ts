import type { SeedSequence } from "gymnasium-js";
import { RolloutShard, type ShardParts } from "../rollout/rollout-shard.ts";
import { gae } from "./gae.ts";
import { MinibatchOrder } from "./minibatch-order.ts";
import { envsPerShard, type PpoConfig } from "./ppo-config.ts";
import { DiscountedReturns, scaleRewards } from "./reward-scaler.ts";

/** A rollout shard with what PPO derives from its trajectory. */
export class PpoShard {
  readonly rollout: RolloutShard;
  readonly order: MinibatchOrder;
  readonly discounted: DiscountedReturns;
  /** [T, N] */
  readonly advantages: Float32Array;
  /** [T, N] targets of the critic */
  readonly returns: Float32Array;
  readonly #scaled: Float32Array;
  readonly #config: PpoConfig;

  constructor(config: PpoConfig, parts: ShardParts, orderSeed: SeedSequence) {
    const N = envsPerShard(config);
    const rows = N * config.numSteps;
    this.#config = config;
    this.rollout = new RolloutShard(parts);
    this.order = new MinibatchOrder(N, config.numEpochs, orderSeed);
    this.discounted = new DiscountedReturns(N);
    this.advantages = new Float32Array(rows);
    this.returns = new Float32Array(rows);
    this.#scaled = new Float32Array(rows);
  }

  /** Advantages and returns of the last rollout, with rewards times `rewardFactor`; draws the order of the next minibatches. */
  prepareUpdate(rewardFactor: number): void {
    const { gamma, gaeLambda, rewardScale, normalizeReward } = this.#config;
    const { trajectory } = this.rollout;
    scaleRewards(trajectory.reward, this.#scaled, rewardScale * rewardFactor, normalizeReward);
    gae({ ...trajectory, reward: this.#scaled }, gamma, gaeLambda, this.advantages, this.returns);
    this.order.draw();
  }
}
