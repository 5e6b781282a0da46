import { PCG64, SeedSequence } from "gymnasium-js";
import { Adam, Engine, MemoryPlan } from "../../src/engine/index.ts";
import { NonFiniteError } from "../../src/errors.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { encodePolicy, savePolicy } from "../../src/policy/saved-policy.ts";
import { scheduled } from "../ppo/schedule.ts";
import type { Metrics } from "../trainer.ts";
import { Barrier } from "../workers/barrier.ts";
import { fastMathKernels } from "../workers/fast-math.ts";
import { GradientExchange } from "../workers/gradient-exchange.ts";
import type { CommonState, SharedJob, StateTensors } from "../workers/messages.ts";
import { SharedMemory, type SharedSizes } from "../workers/shared-memory.ts";
import type { TrainingWorker } from "../workers/training-worker.ts";
import { type BcConfig, framesPerUpdate, sequencesPerShard } from "./bc-config.ts";
import type { BcSums } from "./bc-loss.ts";
import { BcShard } from "./bc-shard.ts";
import { saveBcCommon, saveBcShard } from "./bc-state.ts";
import type { Split } from "./demonstration-set.ts";
import { type Sequence, SequenceSampler } from "./sequence-sampler.ts";

/** What every worker of one cloning run is told. */
export interface BcJob extends SharedJob {
  readonly config: BcConfig;
  readonly spec: PolicySpec;
  readonly seed: number;
}

/** Numbers that a shard reports about a batch or a validation: loss, error, rows. */
const NUM_SUMS = 3;
/** Branches of the run's seed, apart from those of other learners. */
const CLONING_STREAM = 0xbc;

/** What a job's shared memory must hold. */
export const bcSharedSizes = (config: BcConfig, vectorLength: number): SharedSizes => ({
  numShards: config.numShards,
  vectorLength,
  rolloutSums: NUM_SUMS,
  minibatchSums: NUM_SUMS,
});

/**
 * One of the threads that clone together: computes its shards' gradients, then applies the sum over all shards in shard order to its own copy
 * of the weights, exactly as every other worker does. So the result does not depend on how many workers there are.
 */
export class BcWorker implements TrainingWorker {
  readonly network: PolicyNetwork;
  readonly adam: Adam;
  /** own shards by shard number */
  readonly shards: ReadonlyMap<number, BcShard>;
  numUpdates = 0;
  /** weights with the least validation loss so far; null before the first validation */
  best: Float32Array | null = null;
  bestLoss = Infinity;
  /** validations since then */
  numWorse = 0;
  readonly #job: BcJob;
  readonly #engine: Engine;
  readonly #shared: SharedMemory;
  readonly #barrier: Barrier;
  readonly #exchange: GradientExchange;
  /** by shard number */
  readonly #validation: ReadonlyMap<number, readonly Sequence[]>;
  readonly #hasValidation: boolean;
  #turn = 0;

  /** `Network` is the executor that computes the policy. */
  constructor(job: BcJob, workerIndex: number, { training, validation }: Split, Network = PolicyNetwork) {
    const { config, spec, seed, numWorkers } = job;
    const B = sequencesPerShard(config);
    const plan = new MemoryPlan();
    this.network = new Network(plan, spec, { maxRows: B * config.sequenceLength, maxBatch: B });
    this.adam = new Adam(plan, this.network.parameters, { weightDecay: config.weightDecay });
    this.#shared = new SharedMemory(job.memory, job.sizes);
    this.#exchange = new GradientExchange(plan, this.network, this.adam, this.#shared, config.numShards);
    this.#engine = Engine.create(plan, config.fastMath ? fastMathKernels : undefined);
    this.#job = job;
    this.#barrier = new Barrier(this.#shared.barrier, numWorkers);
    const [weights, judging, ...streams] = new SeedSequence([seed, CLONING_STREAM]).spawn(2 + config.numShards);
    const random = new PCG64(weights);
    this.network.initialize(() => random.nextDouble());
    const own = Array.from({ length: config.numShards }, (_, k) => k).filter((k) => k % numWorkers === workerIndex);
    this.shards = new Map(own.map((k) => [k, new BcShard(config, spec, this.network, training, streams[k]!)]));
    this.#hasValidation = validation.length > 0;
    const isDiscrete = spec.action.kind === "discrete";
    this.#validation = this.#hasValidation
      ? validationSequences(config, new SequenceSampler(validation, config, 0, isDiscrete, new PCG64(judging)))
      : new Map();
  }

  get numSteps(): number {
    return this.numUpdates * framesPerUpdate(this.#job.config);
  }

  get isDone(): boolean {
    const { patience } = this.#job.config;
    return patience !== null && this.numWorse >= patience;
  }

  /** Some updates, with validations between them. Throws NonFiniteError before a number that is not finite reaches the weights. */
  iterate(): Metrics {
    const startedAt = performance.now();
    const { config } = this.#job;
    const total: BcSums = { loss: 0, error: 0, rows: 0 };
    let [norms, validations] = [0, 0];
    const until = this.numUpdates + config.updatesPerIteration;
    const last = Math.ceil(config.totalSteps / framesPerUpdate(config));
    while (this.numUpdates < Math.min(until, last) && !this.isDone) {
      norms += this.#update(total);
      this.numUpdates++;
      if (this.#hasValidation && (this.numUpdates % config.validateEvery === 0 || this.numUpdates === last)) {
        this.#validate();
        validations++;
      }
    }
    const numUpdates = Math.max(1, config.updatesPerIteration - Math.max(0, until - this.numUpdates));
    return {
      updates: this.numUpdates,
      steps: this.numSteps,
      loss: total.loss / (total.rows || 1),
      error: total.error / (total.rows || 1),
      gradNorm: norms / numUpdates,
      learningRate: this.#learningRate(),
      ...(validations > 0 && {
        validationLoss: this.#lastLoss,
        validationError: this.#lastError,
        bestLoss: this.bestLoss,
      }),
      updateSeconds: (performance.now() - startedAt) / 1000,
    };
  }

  /** The best weights by validation; without validation the present ones. */
  policy(): Uint8Array {
    const { values } = this.network.parameters;
    if (this.best === null) return encodePolicy(savePolicy(this.network));
    const present = values.slice();
    values.set(this.best);
    const bytes = encodePolicy(savePolicy(this.network));
    values.set(present);
    return bytes;
  }

  shardState(): StateTensors {
    return [...this.shards].flatMap(([k, shard]) => saveBcShard(k, shard));
  }

  commonState(): CommonState {
    return saveBcCommon(this);
  }

  abort(): void {
    this.#barrier.abort();
  }

  close(): void {}

  #lastLoss = NaN;
  #lastError = NaN;

  /** One optimiser step; returns the gradient's norm. */
  #update(total: BcSums): number {
    const { config } = this.#job;
    for (const [k, shard] of this.shards) {
      const sums: BcSums = { loss: 0, error: 0, rows: 0 };
      this.network.parameters.zeroGradients();
      shard.learn(sums);
      this.#exchange.publish(this.#turn, k);
      this.#shared.minibatch(this.#turn, k).set([sums.loss, sums.error, sums.rows]);
    }
    this.#barrier.wait();
    const before = total.loss;
    for (let k = 0; k < config.numShards; k++) addSums(total, this.#shared.minibatch(this.#turn, k));
    if (!Number.isFinite(total.loss)) throw this.#nonFinite("the loss", total.loss - before);
    const norm = this.#exchange.reduce(this.#turn);
    if (!Number.isFinite(norm)) throw this.#nonFinite("the gradient norm", norm);
    this.#exchange.step(this.#learningRate(), norm, config.maxGradNorm);
    if (this.#engine.kernels.allFinite(this.network.parameters.valuePtr(), this.network.parameters.length) === 0)
      throw this.#nonFinite("a weight", NaN);
    this.#turn++;
    return norm;
  }

  /** Judges the present weights on sequences that are never learned from. */
  #validate(): void {
    const { config } = this.#job;
    for (const [k, shard] of this.shards) {
      const sums: BcSums = { loss: 0, error: 0, rows: 0 };
      shard.validate(this.#validation.get(k)!, sums); // made for every shard
      this.#shared.rollout(k).set([sums.loss, sums.error, sums.rows]);
    }
    this.#barrier.wait();
    const all: BcSums = { loss: 0, error: 0, rows: 0 };
    for (let k = 0; k < config.numShards; k++) addSums(all, this.#shared.rollout(k));
    this.#lastLoss = all.loss / all.rows;
    this.#lastError = all.error / all.rows;
    if (this.#lastLoss < this.bestLoss) {
      this.bestLoss = this.#lastLoss;
      this.best = this.network.parameters.values.slice();
      this.numWorse = 0;
    } else this.numWorse++;
  }

  #learningRate(): number {
    const { learningRateSchedule, learningRate, totalSteps } = this.#job.config;
    return scheduled(learningRateSchedule, learningRate, this.numSteps / totalSteps);
  }

  #nonFinite(quantity: string, value: number): NonFiniteError {
    const hint = `Update ${this.numUpdates + 1} was not applied. A smaller learning rate may help.`;
    return new NonFiniteError({ quantity, value, step: this.numSteps, hint });
  }
}

function addSums(total: BcSums, [loss, error, rows]: ArrayLike<number> & Iterable<number>): void {
  total.loss += loss!;
  total.error += error!;
  total.rows += rows!;
}

/** The same sequences for every worker, dealt out to all shards in whole batches. */
function validationSequences(config: BcConfig, sampler: SequenceSampler): ReadonlyMap<number, readonly Sequence[]> {
  const B = sequencesPerShard(config);
  const perShard = B * Math.max(1, Math.round(config.validationSequences / config.numShards / B));
  return new Map(
    Array.from({ length: config.numShards }, (_, k) => [k, Array.from({ length: perShard }, () => sampler.draw())]),
  );
}
