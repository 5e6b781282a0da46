/// <reference lib="esnext.disposable" preserve="true" />
import type { Frame } from "./frame.ts";
import type { EnvSpec } from "./registry.ts";
import type { Space } from "./spaces/space.ts";

/** Diagnostics beside an observation. `elapsedTime`: time since the last observation, in nominal control periods (1 when absent). */
export type Info = Readonly<Record<string, unknown>> & { readonly elapsedTime?: number };

/** A seed as numpy takes it: a non-negative integer of any size. */
export type Seed = number | bigint;

/** What `reset` accepts. */
export interface ResetOptions {
  /** Starts the random stream anew; without one it goes on. */
  readonly seed?: Seed;
  /** The world's own, such as the bounds of the start; its page names them. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** What `snapshot` holds. */
export interface SnapshotOptions {
  /** Whether the random streams are included (default true). */
  readonly random?: boolean;
}

/** Facts about an environment that never change. */
export interface EnvMetadata {
  /** Steps per second of simulated time. */
  readonly renderFps: number;
}

/**
 * A world in Gymnasium's contract, `gymnasium.Env`. Array observations and actions are flat typed arrays, row-major in their space's shape.
 *
 * `terminated`: the task reached an end state, whose value is 0. `truncated`: stopped from outside (a time limit), so the value of
 * the last observation still counts. After either, only `reset` may follow.
 */
export interface Env<Obs = unknown, Action = unknown> {
  readonly observationSpace: Space<Obs>;
  readonly actionSpace: Space<Action>;
  /** How it was made; null where it was not made by `make`. */
  readonly spec: EnvSpec | null;
  readonly metadata: EnvMetadata;
  /** Starts an episode. Throws InvalidSeed on a seed that is none. */
  reset(options?: ResetOptions): [obs: Obs, info: Info];
  /** Moves on by one step. Throws InvalidAction on an action outside the space, ResetNeeded before `reset` and after an end. */
  step(action: Action): [obs: Obs, reward: number, terminated: boolean, truncated: boolean, info: Info];
  /** The world as drawing primitives, or null where there is nothing to see. Never opens a window. */
  render(): Frame | null;
  /** The full state as bytes. Without the random streams they are for looking and drawing, not for continuing. */
  snapshot(options?: SnapshotOptions): Uint8Array;
  /**
   * Continues from a snapshot of the same world; one without random streams leaves those as they are.
   * Throws InvalidSnapshot on foreign or damaged bytes, leaving the state as it was.
   */
  restore(bytes: Uint8Array): void;
  /** Gives back what the env holds. */
  close(): void;
  /** The same. What `make` gives has it (unless it is a frozen env of your own, bare), so that `using env = make(id)` closes it at the end of the block. */
  [Symbol.dispose]?(): void;
}
