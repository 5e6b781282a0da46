import type { Env, Info } from "../env.ts";
import { InvalidBound, ValueError } from "../errors.ts";
import { batchSpace, concatenate, iterate } from "../spaces/batch-space.ts";
import { Box } from "../spaces/box.ts";
import type { Space } from "../spaces/space.ts";
import { RunningMeanStd } from "../wrappers/running-mean-std.ts";
import { ObservationWrapper } from "../wrappers/wrapper.ts";
import { splitInfo } from "./batch-info.ts";
import { takeResetMask } from "./vector-env.ts";
import type { VectorEnv, VectorResetOptions, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";

/** Options of `VectorRecordEpisodeStatistics`. */
export interface VectorStatisticsOptions {
  /** How many of the last episodes the queues keep (default 100). */
  readonly bufferLength?: number;
  /** A reset with `resetMask` begins the statistics anew for `all` copies (default, as Gymnasium does) or for the `masked` ones alone. */
  readonly clearOnMaskedReset?: "all" | "masked";
}

/** Adds `info.episode` { r, l, t } (arrays [N], zero elsewhere) and `info._episode` on steps in which episodes end, and keeps the last ones. */
export class VectorRecordEpisodeStatistics extends VectorWrapper {
  /** The last episodes' statistics, oldest first. */
  readonly returnQueue: number[] = [];
  readonly lengthQueue: number[] = [];
  readonly timeQueue: number[] = [];
  episodeCount = 0;
  readonly #bufferLength: number;
  readonly #clearsAll: boolean;
  readonly #returns: Float64Array;
  readonly #lengths: Float64Array;
  readonly #starts: Float64Array;
  readonly #wasOver: Uint8Array;

  constructor(env: VectorEnv, { bufferLength = 100, clearOnMaskedReset = "all" }: VectorStatisticsOptions = {}) {
    super(env);
    this.#bufferLength = bufferLength;
    this.#clearsAll = clearOnMaskedReset === "all";
    this.#returns = new Float64Array(env.numEnvs);
    this.#lengths = new Float64Array(env.numEnvs);
    this.#starts = new Float64Array(env.numEnvs).fill(performance.now());
    this.#wasOver = new Uint8Array(env.numEnvs);
  }

  override reset(options: VectorResetOptions = {}): [unknown, Info] {
    const { mask } = takeResetMask(options.options, this.numEnvs);
    const result = this.env.reset(options);
    for (let i = 0; i < this.numEnvs; i++) if (this.#clearsAll || mask === null || mask[i]) this.#begin(i);
    return result;
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    const ended: number[] = [];
    for (let i = 0; i < this.numEnvs; i++) {
      if (this.#wasOver[i] === 1) {
        this.#begin(i);
        continue; // this step only reset the copy (NextStep)
      }
      this.#returns[i]! += rewards[i]!;
      this.#lengths[i]!++;
      if (terminated[i] === 1 || truncated[i] === 1) ended.push(i);
    }
    if (ended.length === 0) return [obs, rewards, terminated, truncated, info];
    const stats = this.#record(ended);
    return [obs, rewards, terminated, truncated, { ...info, ...stats }];
  }

  #record(ended: readonly number[]): Info {
    const now = performance.now();
    const zeros = (): Float64Array => new Float64Array(this.numEnvs);
    const [r, l, t, mask] = [zeros(), zeros(), zeros(), new Uint8Array(this.numEnvs)];
    for (const i of ended) {
      [r[i], l[i], t[i], mask[i]] = [this.#returns[i]!, this.#lengths[i]!, (now - this.#starts[i]!) / 1000, 1];
      this.episodeCount++;
      for (const [queue, value] of [
        [this.returnQueue, r[i]!],
        [this.lengthQueue, l[i]!],
        [this.timeQueue, t[i]!],
      ] as const) {
        queue.push(value);
        if (queue.length > this.#bufferLength) queue.shift();
      }
      if (this.metadata.autoresetMode === "NextStep") this.#wasOver[i] = 1;
      else if (this.metadata.autoresetMode === "SameStep") this.#begin(i);
    }
    return { episode: { r, l, t }, _episode: mask };
  }

  #begin(i: number): void {
    this.#returns[i] = 0;
    this.#lengths[i] = 0;
    this.#starts[i] = performance.now();
    this.#wasOver[i] = 0;
  }
}

/** Brings observations to mean 0 and variance 1 by statistics over all copies. */
export class VectorNormalizeObservation extends VectorWrapper<Float32Array> {
  readonly rms: RunningMeanStd;
  /** Whether observations still change the statistics. */
  updateRunningMean = true;
  readonly #epsilon: number;

  /** Throws ValueError in another mode than NextStep (the last observation would be left out), TypeError unless observations are a Box. */
  constructor(env: VectorEnv, epsilon = 1e-8) {
    super(env);
    const { singleObservationSpace: single, metadata } = env;
    if (metadata.autoresetMode !== "NextStep") {
      throw new ValueError(
        `VectorNormalizeObservation: got autoreset mode ${metadata.autoresetMode}, expected NextStep`,
      );
    }
    if (!(single instanceof Box))
      throw new TypeError(`VectorNormalizeObservation: got ${String(single)}, expected a Box`);
    if (!(epsilon > 0))
      throw new InvalidBound(`VectorNormalizeObservation: got epsilon = ${epsilon}, expected a positive number`);
    this.#epsilon = epsilon;
    this.rms = new RunningMeanStd(single.size, { isFloat32: single.dtype === "float32" });
    this.singleObservationSpace = new Box(-Infinity, Infinity, { shape: single.shape });
    this.observationSpace = batchSpace(this.singleObservationSpace, env.numEnvs) as Space<Float32Array>; // float32
  }

  override reset(options?: VectorResetOptions): [Float32Array, Info] {
    const [obs, info] = this.env.reset(options);
    return [this.#normalize(obs as Float32Array), info];
  }

  override step(actions: unknown): VectorStep<Float32Array> {
    const [obs, ...rest] = this.env.step(actions);
    return [this.#normalize(obs as Float32Array), ...rest];
  }

  #normalize(obs: Float32Array): Float32Array {
    const { mean, var: variance } = this.rms;
    if (this.updateRunningMean) this.rms.update(obs);
    const size = mean.length;
    return Float32Array.from(
      obs,
      (value, i) => (value - mean[i % size]!) / Math.sqrt(variance[i % size]! + this.#epsilon),
    );
  }
}

/** Divides rewards by the running standard deviation of the discounted returns of all copies. */
export class VectorNormalizeReward extends VectorWrapper {
  readonly rms = new RunningMeanStd(1);
  /** Whether rewards still change the statistics. */
  updateRunningMean = true;
  readonly #discounted: Float64Array;
  readonly #gamma: number;
  readonly #epsilon: number;

  constructor(env: VectorEnv, gamma = 0.99, epsilon = 1e-8) {
    super(env);
    if (!(gamma >= 0 && gamma <= 1))
      throw new InvalidBound(`VectorNormalizeReward: got gamma = ${gamma}, expected 0 to 1`);
    if (!(epsilon > 0))
      throw new InvalidBound(`VectorNormalizeReward: got epsilon = ${epsilon}, expected a positive number`);
    this.#gamma = gamma;
    this.#epsilon = epsilon;
    this.#discounted = new Float64Array(env.numEnvs);
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    for (let i = 0; i < this.numEnvs; i++) {
      this.#discounted[i] = this.#discounted[i]! * this.#gamma * (1 - terminated[i]!) + rewards[i]!;
    }
    if (this.updateRunningMean) this.rms.update(this.#discounted);
    const scale = Math.sqrt(this.rms.var[0]! + this.#epsilon);
    return [obs, rewards.map((reward) => reward / scale), terminated, truncated, info];
  }
}

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

/** Keeps rewards within bounds. */
export class VectorClipReward extends VectorTransformReward {
  /** Throws InvalidBound when the lower bound is above the upper. */
  constructor(env: VectorEnv, minReward = -Infinity, maxReward = Infinity) {
    if (minReward > maxReward) throw new InvalidBound(`VectorClipReward: ${minReward} is above ${maxReward}`);
    super(env, (reward) => Math.min(Math.max(reward, minReward), maxReward));
  }
}

/** Applies a single-env observation wrapper without state to every copy's observation. */
export class VectorizeObservation extends VectorWrapper {
  readonly #wrapper: ObservationWrapper;

  /** `wrap` puts the wrapper around an env. Throws TypeError unless it gives an ObservationWrapper. */
  constructor(env: VectorEnv, wrap: (env: Env) => Env) {
    super(env);
    const { singleObservationSpace, singleActionSpace, metadata } = env;
    const stand = {
      observationSpace: singleObservationSpace,
      actionSpace: singleActionSpace,
      metadata,
      spec: env.spec,
    };
    const wrapper = wrap({
      ...stand,
      reset: noEnv,
      step: noEnv,
      render: noEnv,
      snapshot: noEnv,
      restore: noEnv,
      close: noEnv,
    });
    if (!(wrapper instanceof ObservationWrapper))
      throw new TypeError(`VectorizeObservation: got ${String(wrapper)}, expected an ObservationWrapper`);
    this.#wrapper = wrapper;
    this.singleObservationSpace = wrapper.observationSpace;
    this.observationSpace = batchSpace(wrapper.observationSpace, env.numEnvs);
  }

  override reset(options?: VectorResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    return [this.#map(obs), info];
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    const finals = info["final_obs"];
    const isSeen = Array.isArray(finals);
    const mapped = isSeen
      ? { ...info, final_obs: finals.map((one) => (one === null ? null : this.#wrapper.observation(one))) }
      : info;
    return [this.#map(obs), rewards, terminated, truncated, mapped];
  }

  #map(obs: unknown): unknown {
    const each = iterate(this.env.singleObservationSpace, obs, this.numEnvs);
    return concatenate(
      this.singleObservationSpace,
      each.map((one) => this.#wrapper.observation(one)),
    );
  }
}

/** Turns the batched info into a list with one info per copy, under `infos`. */
export class DictInfoToList extends VectorWrapper {
  override reset(options?: VectorResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    return [obs, { infos: splitInfo(info, this.numEnvs) }];
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    return [obs, rewards, terminated, truncated, { infos: splitInfo(info, this.numEnvs) }];
  }
}

function noEnv(): never {
  throw new ValueError("VectorizeObservation: the wrapper may only change observations, not step or reset an env");
}
