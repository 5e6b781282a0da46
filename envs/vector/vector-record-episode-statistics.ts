import type { Info } from "../env.ts";
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

/**
 * On steps in which episodes end adds `info.episode` { r, l, t } (returns, lengths, seconds: arrays [N], zero elsewhere) and the mask
 * `info._episode`, and keeps those of the last episodes.
 */
export class VectorRecordEpisodeStatistics extends VectorWrapper {
  /** Returns of the last episodes of all copies, oldest first. */
  readonly returnQueue: number[] = [];
  /** Their lengths in steps. */
  readonly lengthQueue: number[] = [];
  /** Their durations [s]. */
  readonly timeQueue: number[] = [];
  /** Episodes ended so far. */
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
