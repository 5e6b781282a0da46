/** One number per name, such as `approxKl` or `entropy`: a line of a run's metrics.jsonl. */
export type Metrics = Readonly<Record<string, number>>;

/** A tensor as it is stored: row-major, torch layout. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Everything besides policy and config that an exact resume needs. */
export interface TrainerState {
  /** Adam's moments by parameter. */
  readonly optimizer: readonly NamedTensor[];
  /** Counters, random streams, shard states, normalisers, hidden states; opaque bytes with their own version. */
  readonly trainer: Uint8Array;
}

/**
 * A learner as the command line drives it: `iterate` until `numSteps` reaches `algo.totalSteps`, then `policy` and `close`. Computation happens
 * in worker threads, unless it was made with `numWorkers: 0`; the caller's event loop stays free.
 */
export interface Trainer {
  /** Env steps (PPO) or training frames (cloning) done so far. */
  readonly numSteps: number;
  /** Threads that compute, the caller's own included where it does; at least 1. Results do not depend on it. */
  readonly numWorkers: number;
  /** Whether the learner itself sees no sense in going on: cloning that stopped improving. Absent: never. */
  readonly isDone?: boolean;
  /** Names the run's folder, once it exists, to learners that keep files of their own in it. Before anything else is asked. */
  attach?(runFolder: string): Promise<void>;
  /** Whether no iteration is under way that `iterate` has not told about yet: only then may `policy` and `state` be asked for. Absent: always. */
  readonly isAtRest?: boolean;
  /**
   * One iteration: rollout and update for PPO, one epoch part for cloning. With `untilStep` the caller promises to ask for nothing but iterations
   * until `numSteps` has reached it, or until `isAtRest`; then threads may run ahead. Results do not depend on it.
   * Rejects with a NonFiniteError before any non-finite number reaches the policy.
   */
  iterate(untilStep?: number): Promise<Metrics>;
  /** The current policy as safetensors bytes: enough to run it anywhere, equal bytes for equal weights. */
  policy(): Promise<Uint8Array>;
  /** What `resume` needs besides the policy, for going on exactly from here. */
  state(): Promise<TrainerState>;
  /** Ends the threads and closes the environments. */
  close(): Promise<void>;
}
