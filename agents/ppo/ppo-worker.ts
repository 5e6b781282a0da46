import { type BatchEnv, PCG64 } from "gymnasium-js";
import { Adam, Engine, MemoryPlan } from "../../src/engine/index.ts";
import { NonFiniteError } from "../../src/errors.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { obsSize, type PolicySpec } from "../../src/policy/policy-spec.ts";
import { encodePolicy, savePolicy } from "../../src/policy/saved-policy.ts";
import { RunningMoments } from "../rollout/running-moments.ts";
import { seedTree } from "../rollout/seed-tree.ts";
import type { Metrics } from "../trainer.ts";
import { Barrier } from "../workers/barrier.ts";
import { fastMathKernels } from "../workers/fast-math.ts";
import { GradientExchange } from "../workers/gradient-exchange.ts";
import type { CommonState, SharedJob, StateTensors } from "../workers/messages.ts";
import { SharedMemory, type SharedSizes } from "../workers/shared-memory.ts";
import { saveAdam } from "../workers/state-file.ts";
import type { TrainingWorker } from "../workers/training-worker.ts";
import { KernelPpoLoss } from "./kernel-ppo-loss.ts";
import { Minibatch } from "./minibatch.ts";
import { batchSize, columnsPerMinibatch, envsPerShard, type PpoConfig } from "./ppo-config.ts";
import { type PpoLossSettings, type PpoSums, totalLoss, zeroSums } from "./ppo-loss.ts";
import { PpoShard } from "./ppo-shard.ts";
import { saveCommon, saveShards } from "./ppo-state.ts";
import { rewardFactor } from "./reward-scaler.ts";
import { RolloutSums } from "./rollout-sums.ts";
import { scheduled } from "./schedule.ts";

/** What every worker of one run is told. */
export interface PpoJob extends SharedJob {
  readonly config: PpoConfig;
  readonly spec: PolicySpec;
  readonly seed: number;
}

/** What a job's shared memory must hold. */
export const sharedSizes = (config: PpoConfig, spec: PolicySpec, vectorLength: number): SharedSizes => ({
  numShards: config.numShards,
  vectorLength,
  rolloutSums: RolloutSums.length(obsSize(spec), config.numEpochs * config.numMinibatches),
  minibatchSums: 5,
});

/**
 * One of the threads that train together: computes its shards' rollouts and gradients, then applies the sum over all shards in shard order
 * to its own copy of the weights, exactly as every other worker does. So the result does not depend on how many workers there are.
 */
export class PpoWorker implements TrainingWorker {
  readonly isDone = false;
  readonly network: PolicyNetwork;
  readonly adam: Adam;
  /** own shards by shard number */
  readonly shards: ReadonlyMap<number, PpoShard>;
  readonly obsMoments: RunningMoments;
  readonly rewardMoments = new RunningMoments(1);
  numIterations = 0;
  readonly #job: PpoJob;
  readonly #engine: Engine;
  readonly #shared: SharedMemory;
  readonly #barrier: Barrier;
  readonly #exchange: GradientExchange;
  readonly #minibatch: Minibatch;
  readonly #loss: KernelPpoLoss;
  readonly #sums: RolloutSums;
  readonly #settings: { -readonly [K in keyof PpoLossSettings]: PpoLossSettings[K] };
  /** sums over all shards and minibatches of the running update */
  #total = zeroSums();
  #numUpdates = 0;
  #gradientNorms = 0;
  #turn = 0;

  /** `makeEnv` makes one shard's environments; `Network` is the executor that computes the policy. */
  constructor(
    job: PpoJob,
    workerIndex: number,
    makeEnv: (numEnvs: number) => BatchEnv,
    Network: typeof PolicyNetwork = PolicyNetwork,
  ) {
    const { config, spec, seed, numWorkers } = job;
    const N = envsPerShard(config);
    const rows = columnsPerMinibatch(config) * config.numSteps;
    const plan = new MemoryPlan();
    this.network = new Network(plan, spec, { maxRows: Math.max(rows, N), maxBatch: N });
    this.adam = new Adam(plan, this.network.parameters, {
      beta1: config.adamBeta1,
      beta2: config.adamBeta2,
      epsilon: config.adamEps,
    });
    this.#loss = new KernelPpoLoss(plan, this.network, rows);
    this.#shared = new SharedMemory(job.memory, job.sizes);
    this.#exchange = new GradientExchange(plan, this.network, this.adam, this.#shared, config.numShards);
    this.#engine = Engine.create(plan, config.fastMath ? fastMathKernels : undefined);
    this.#job = job;
    this.#barrier = new Barrier(this.#shared.barrier, numWorkers);
    this.#minibatch = new Minibatch(this.network, rows);
    this.#sums = new RolloutSums(obsSize(spec), config.numEpochs * config.numMinibatches);
    this.#settings = {
      clipRange: config.clipRange,
      valueClipRange: config.valueClipRange,
      valueCoef: config.valueCoef,
      entropyCoef: config.entropyCoef,
      advantageMean: 0,
      advantageScale: 1,
      totalRows: rows * config.numShards,
    };
    this.obsMoments = new RunningMoments(obsSize(spec));
    const seeds = seedTree(seed, config.numShards, N);
    const random = new PCG64(seeds.weights);
    this.network.initialize(() => random.nextDouble());
    const shards = new Map<number, PpoShard>();
    for (let k = workerIndex; k < config.numShards; k += numWorkers) {
      const parts = {
        spec,
        env: makeEnv(N),
        network: this.network,
        numSteps: config.numSteps,
        envSeeds: seeds.envs[k]!,
        actionSeed: seeds.actions[k]!,
      };
      shards.set(k, new PpoShard(config, parts, seeds.minibatches[k]!));
    }
    this.shards = shards;
  }

  /** Environment steps done by all workers together. */
  get numSteps(): number {
    return this.numIterations * batchSize(this.#job.config);
  }

  /**
   * One rollout and one update. All workers must call it; all return the same metrics except the times.
   *
   * Throws NonFiniteError before a number that is not finite reaches the weights; BarrierAborted when another worker stopped.
   */
  iterate(): Metrics {
    const startedAt = performance.now();
    const waitedBefore = this.#barrier.waitedMs;
    for (const shard of this.shards.values()) shard.rollout.collect();
    const rolledOutAt = performance.now();
    this.#prepareUpdate();
    this.#update();
    if (this.#engine.kernels.allFinite(this.network.parameters.valuePtr(), this.network.parameters.length) === 0)
      throw this.#nonFinite("a weight", NaN);
    this.#updateNormalizer();
    this.numIterations++;
    return {
      ...this.#metrics(),
      rolloutSeconds: (rolledOutAt - startedAt) / 1000,
      updateSeconds: (performance.now() - rolledOutAt) / 1000,
      waitSeconds: (this.#barrier.waitedMs - waitedBefore) / 1000,
    };
  }

  policy(): Uint8Array {
    return encodePolicy(savePolicy(this.network));
  }

  shardState(): StateTensors {
    return saveShards(this.shards);
  }

  commonState(): CommonState {
    return { tensors: saveCommon(this), optimizer: saveAdam(this.adam, this.network.parameters) };
  }

  /** Makes the other workers stop at their next barrier. */
  abort(): void {
    this.#barrier.abort();
  }

  /** Closes the environments. */
  close(): void {
    for (const shard of this.shards.values()) shard.rollout.close();
  }

  /** Advantages of the own shards, then what has to be known about all shards before the first gradient. */
  #prepareUpdate(): void {
    const { config } = this.#job;
    const sums = this.#sums;
    let factor = 1;
    for (const [k, shard] of this.shards) {
      if (config.normalizeReward) shard.discounted.add(shard.rollout.trajectory, config.gamma);
      sums.writeRollout(this.#shared.rollout(k), shard);
    }
    if (config.normalizeReward) {
      this.#barrier.wait();
      for (let k = 0; k < config.numShards; k++) sums.mergeRewards(this.#shared.rollout(k), this.rewardMoments);
      factor = rewardFactor(this.rewardMoments);
    }
    for (const [k, shard] of this.shards) {
      shard.prepareUpdate(factor);
      sums.writeTargets(this.#shared.rollout(k), shard, columnsPerMinibatch(config));
    }
    this.#barrier.wait();
    sums.clear();
    for (let k = 0; k < config.numShards; k++) sums.add(this.#shared.rollout(k));
    if (this.#job.spec.normalizeObs)
      for (let k = 0; k < config.numShards; k++) sums.mergeObs(this.#shared.rollout(k), this.obsMoments);
    if (!Number.isFinite(sums.obs)) throw this.#nonFinite("an observation", sums.obs);
    if (!Number.isFinite(sums.reward)) throw this.#nonFinite("a reward", sums.reward);
    if (!Number.isFinite(sums.errorSquares)) throw this.#nonFinite("a value or return", sums.errorSquares);
  }

  /** All epochs and minibatches; stops early where the policy has moved too far. */
  #update(): void {
    const { config } = this.#job;
    const progress = this.numSteps / config.totalSteps;
    const learningRate = scheduled(config.learningRateSchedule, config.learningRate, progress);
    this.#settings.clipRange = scheduled(config.clipRangeSchedule, config.clipRange, progress);
    this.#total = zeroSums();
    this.#numUpdates = 0;
    this.#gradientNorms = 0;
    for (let epoch = 0; epoch < config.numEpochs; epoch++)
      for (let m = 0; m < config.numMinibatches; m++) {
        this.#gradients(epoch, m);
        this.#barrier.wait();
        if (!this.#apply(learningRate)) return;
        this.#turn++;
      }
  }

  /** Each own shard's gradient of a minibatch, alone, into its slot. */
  #gradients(epoch: number, m: number): void {
    const { config } = this.#job;
    const { network } = this;
    const B = columnsPerMinibatch(config);
    const T = config.numSteps;
    const index = epoch * config.numMinibatches + m;
    if (config.normalizeAdvantage) this.#sums.advantageMoments(index, this.#settings);
    for (const [k, shard] of this.shards) {
      this.#minibatch.gather(
        shard.rollout.trajectory,
        shard,
        shard.order.columns,
        epoch * envsPerShard(config) + m * B,
        B,
      );
      network.parameters.zeroGradients();
      network.forward(T, B);
      network.evaluate(T * B);
      const sums = zeroSums();
      this.#loss.add(this.#minibatch, T * B, this.#settings, sums);
      network.backward(T, B);
      this.#exchange.publish(this.#turn, k);
      const slot = this.#shared.minibatch(this.#turn, k);
      slot[0] = sums.policyLoss;
      slot[1] = sums.valueLoss;
      slot[2] = sums.entropy;
      slot[3] = sums.approxKl;
      slot[4] = sums.clipped;
    }
  }

  /** Sums all shards in shard order and takes one optimiser step; false where the target KL was passed, and nothing is applied. */
  #apply(learningRate: number): boolean {
    const { config } = this.#job;
    const mean = zeroSums();
    for (let k = 0; k < config.numShards; k++) {
      const slot = this.#shared.minibatch(this.#turn, k);
      mean.policyLoss += slot[0]! / this.#settings.totalRows;
      mean.valueLoss += slot[1]! / this.#settings.totalRows;
      mean.entropy += slot[2]! / this.#settings.totalRows;
      mean.approxKl += slot[3]! / this.#settings.totalRows;
      mean.clipped += slot[4]! / this.#settings.totalRows;
    }
    const loss = totalLoss(mean, config);
    if (!Number.isFinite(loss)) throw this.#nonFinite("the loss", loss);
    this.#count(mean);
    if (config.targetKl !== null && mean.approxKl > 1.5 * config.targetKl) {
      this.#turn++;
      return false;
    }
    const norm = this.#exchange.reduce(this.#turn);
    if (!Number.isFinite(norm)) throw this.#nonFinite("the gradient norm", norm);
    this.#gradientNorms += norm;
    this.#exchange.step(learningRate, norm, config.maxGradNorm);
    return true;
  }

  #count(mean: PpoSums): void {
    this.#numUpdates++;
    this.#total.policyLoss += mean.policyLoss;
    this.#total.valueLoss += mean.valueLoss;
    this.#total.entropy += mean.entropy;
    this.#total.approxKl += mean.approxKl;
    this.#total.clipped += mean.clipped;
  }

  #updateNormalizer(): void {
    const { normalizer } = this.network;
    if (normalizer === null) return;
    for (let d = 0; d < normalizer.mean.length; d++) {
      normalizer.mean[d] = this.obsMoments.mean[d]!;
      normalizer.variance[d] = this.obsMoments.variance(d);
    }
    normalizer.prepare();
  }

  #metrics(): Metrics {
    const { config } = this.#job;
    const sums = this.#sums;
    const progress = (this.numIterations - 1) * (batchSize(config) / config.totalSteps);
    const n = Math.max(1, this.#numUpdates);
    const mean = (x: number): number => x / n;
    return {
      iteration: this.numIterations,
      steps: this.numSteps,
      episodes: sums.numEpisodes,
      ...(sums.episodesInMemory > 0 && {
        episodeReturn: sums.episodeReturns / sums.episodesInMemory,
        episodeLength: sums.episodeLengths / sums.episodesInMemory,
      }),
      policyLoss: mean(this.#total.policyLoss),
      valueLoss: mean(this.#total.valueLoss),
      entropy: mean(this.#total.entropy),
      approxKl: mean(this.#total.approxKl),
      clipFraction: mean(this.#total.clipped),
      explainedVariance: sums.explainedVariance(),
      gradNorm: mean(this.#gradientNorms),
      updates: this.#numUpdates,
      learningRate: scheduled(config.learningRateSchedule, config.learningRate, progress),
      clipRange: this.#settings.clipRange,
    };
  }

  #nonFinite(quantity: string, value: number): NonFiniteError {
    const hint = `Iteration ${this.numIterations + 1}; the update was not applied. A smaller learning rate may help.`;
    return new NonFiniteError({ quantity, value, step: this.numSteps, hint });
  }
}
