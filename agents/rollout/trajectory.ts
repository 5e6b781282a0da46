import type { ObsArray } from "gymnasium-js";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { actionSize, obsSize } from "../../src/policy/policy-spec.ts";

/**
 * What one shard saw in T steps of N envs, time-major: row t * N + n is step t of env n.
 * A is the number of choices or action dimensions, D the flat observation size, H the number of neurons.
 */
export interface Trajectory {
  readonly T: number;
  readonly N: number;
  /** [T, N, D] as the environment gave it */
  readonly obs: ObsArray;
  /** [T, N] elapsed time before each observation, nominal control periods */
  readonly elapsed: Float32Array;
  /** [T, N] 1 where the observation is the first of an episode */
  readonly episodeStart: Uint8Array;
  /** [N, H] every neuron before the first step */
  readonly initialState: Float32Array;
  /** Discrete: [T, N] indices from 0. Box: [T, N, A] draws before clipping to the bounds. */
  readonly actions: Int32Array | Float32Array;
  /** [T, N] log-probability of the action when it was taken */
  readonly logProb: Float32Array;
  /** [T, N] */
  readonly value: Float32Array;
  /** [T, N] raw rewards */
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** [T, N] value of the episode's last observation and state; written only where truncated and not terminated */
  readonly finalValue: Float32Array;
  /** [N] value of the observation after the last step */
  readonly lastValue: Float32Array;
}

/** Reserves the arrays of a trajectory, all zero. */
export function createTrajectory(spec: PolicySpec, H: number, T: number, N: number): Trajectory {
  const D = obsSize(spec);
  const rows = T * N;
  return {
    T,
    N,
    obs: spec.obs.dtype === "uint8" ? new Uint8Array(rows * D) : new Float32Array(rows * D),
    elapsed: new Float32Array(rows),
    episodeStart: new Uint8Array(rows),
    initialState: new Float32Array(N * H),
    actions: spec.action.kind === "discrete" ? new Int32Array(rows) : new Float32Array(rows * actionSize(spec)),
    logProb: new Float32Array(rows),
    value: new Float32Array(rows),
    reward: new Float32Array(rows),
    terminated: new Uint8Array(rows),
    truncated: new Uint8Array(rows),
    finalValue: new Float32Array(rows),
    lastValue: new Float32Array(N),
  };
}
