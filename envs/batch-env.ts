import type { EnvMetadata, Info, Seed, SnapshotOptions } from "./env.ts";
import { sizeOf } from "./spaces/dtype.ts";
import type { Space } from "./spaces/space.ts";

/** Element type of batched observations. Frames travel as bytes. */
export type ObsArray = Float32Array | Uint8Array;

/** What a batched step writes. The caller owns the arrays; N is `numEnvs`, D the flat observation size. */
export interface BatchStep {
  /** [N, D] observation to act on next: after an end, already the first one of the new episode. */
  readonly obs: ObsArray;
  /** [N] reward of the step */
  readonly reward: Float32Array;
  /** [N] 0 or 1 */
  readonly terminated: Uint8Array;
  /** [N] 0 or 1; time limits included */
  readonly truncated: Uint8Array;
  /** [N] elapsed time that belongs to `obs`, in nominal control periods: 1 after a reset */
  readonly elapsed: Float32Array;
  /** [N, D] last observation of the episode; a row is written only where terminated or truncated is set */
  readonly finalObs: ObsArray;
  /** [N] elapsed time that belongs to `finalObs`; written where `finalObs` is */
  readonly finalElapsed: Float32Array;
}

/**
 * Many copies of one world stepped together, equal env by env to the single form, with one random stream each.
 * Ended envs are reset within the step (same-step autoreset). Nothing is allocated per step.
 */
export interface BatchEnv {
  /** Number of copies (N). */
  readonly numEnvs: number;
  /** Observations of one env; flat they have D numbers. */
  readonly singleObservationSpace: Space<unknown>;
  /** Actions of one env. */
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  /** Seeds every env ([N] seeds) and starts its first episode; `out.obs` and `out.elapsed` are written. Throws ValueError on another number. */
  reset(seeds: readonly Seed[], out: BatchStep): void;
  /**
   * Moves every env on. Discrete actions: [N] Int32Array. Box actions: [N, A] Float32Array. Throws InvalidAction on anything outside the
   * space, ResetNeeded before `reset`, ValueError where `out` is too small; then no env has moved.
   */
  step(actions: Int32Array | Float32Array, out: BatchStep): void;
  /** State of env i, random stream and time limit included; the same bytes as the single form's `snapshot`. */
  snapshot(i: number, options?: SnapshotOptions): Uint8Array;
  /**
   * Continues env i from a snapshot. The next `step` goes on from there; `observe` tells what it shows. Throws InvalidSnapshot on foreign
   * bytes and on a snapshot taken outside an episode.
   */
  restore(i: number, bytes: Uint8Array): void;
  /** Writes row i of `obs` and `elapsed` for the present state, for use after `restore`. */
  observe(i: number, out: BatchStep): void;
  /** Diagnostics of env i's last ended episode (an empty object before the first end). */
  finalInfo(i: number): Info;
  /** Gives back what the envs hold. */
  close(): void;
}

/** New arrays of the right type and size for `BatchEnv.step` of `numEnvs` envs whose observations are `space`. */
export function createBatchStep(numEnvs: number, space: Space<unknown>): BatchStep {
  const size = sizeOf(space.shape ?? []);
  const obs = (): ObsArray =>
    space.dtype === "uint8" ? new Uint8Array(numEnvs * size) : new Float32Array(numEnvs * size);
  return {
    obs: obs(),
    reward: new Float32Array(numEnvs),
    terminated: new Uint8Array(numEnvs),
    truncated: new Uint8Array(numEnvs),
    elapsed: new Float32Array(numEnvs),
    finalObs: obs(),
    finalElapsed: new Float32Array(numEnvs),
  };
}
