import type { ObsArray } from "../batch-env.ts";
import type { EnvMetadata, Info, Seed, SnapshotOptions } from "../env.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import type { Space } from "../spaces/space.ts";
import type { ActionArray, Outcome } from "../world/world.ts";

/**
 * N environments, each reachable by its index and stepped alone: what batches and their modifiers (noise, irregular sampling) are built from.
 *
 * Nothing is reset by itself: `SlotsBatch` does that. Methods but `seed`, `begin` with options, `info`, `snapshot` and `restore` allocate nothing.
 */
export interface EnvSlots {
  /** Number of envs (N). */
  readonly numEnvs: number;
  /** Name for messages. */
  readonly name: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  /** Numbers of one observation. */
  readonly obsSize: number;
  /** Gives env i the random stream of a seed. */
  seed(i: number, seed: Seed): void;
  /** Starts an episode of env i. */
  begin(i: number, options?: Kwargs): void;
  /** Moves env i on by one step with the action at `actions[at]`; time limits show as `outcome.truncated`. */
  advance(i: number, actions: ActionArray, at: number, outcome: Outcome): void;
  /** Writes env i's observation into `obs` from `at` on. */
  observe(i: number, obs: ObsArray, at: number): void;
  /** Diagnostics of env i's present state. */
  info(i: number): Info;
  /** Whether env i is within an episode. */
  isRunning(i: number): boolean;
  /** State of env i as bytes, as `Env.snapshot`. */
  snapshot(i: number, options?: SnapshotOptions): Uint8Array;
  /** Continues env i from a snapshot. Throws InvalidSnapshot, leaving env i as it was. */
  restore(i: number, bytes: Uint8Array): void;
  close(): void;
}
