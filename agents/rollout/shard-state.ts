import type { ObsArray } from "gymnasium-js";

/** Everything besides the weights that a shard's next rollout depends on. Arrays are copies. */
export interface ShardState {
  /** one snapshot per env, random stream included */
  readonly envs: readonly Uint8Array[];
  /** [N, D] current observations */
  readonly obs: ObsArray;
  /** [N] */
  readonly elapsed: Float32Array;
  /** [N] */
  readonly episodeStart: Uint8Array;
  /** [N, H] every neuron */
  readonly state: Float32Array;
  /** state of the action stream */
  readonly random: Uint32Array;
  /** episodes so far, running returns and lengths [N] each, rings of past returns and lengths */
  readonly episodes: Float64Array;
}
