import type { ObsArray } from "../batch-env.ts";
import type { EnvMetadata, Info, Seed } from "../env.ts";
import type { Frame } from "../frame.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import type { Box } from "../spaces/box.ts";
import type { Discrete } from "../spaces/discrete.ts";
import type { RandomStream } from "./random-stream.ts";

/** Actions of several envs: Int32Array [N] for Discrete, Float32Array [N, A] for Box. */
export type ActionArray = Int32Array | Float32Array;

/** What a step writes beside the new state. The caller resets it to 0, false, false, 1 before each step. */
export interface Outcome {
  reward: number;
  /** Whether the task reached an end state. */
  terminated: boolean;
  /** Whether the episode was stopped from outside. */
  truncated: boolean;
  /** Elapsed time of the step in nominal control periods. */
  elapsed: number;
}

/**
 * A world as functions over an explicit state and an explicit random stream: all that is needed to get its single form
 * (`WorldEnv`), its batched form (`WorldBatch`), snapshots and drawing. `registerWorld` gives it an id.
 *
 * S is the state, a plain object with numbers and typed arrays that is changed in place; R the random stream.
 * `reset`, `step` and `observe` must not allocate and must read nothing but their arguments.
 */
export interface World<S, R extends RandomStream> {
  /** Name in snapshots and messages, such as `CartPole`. */
  readonly name: string;
  /** Of element type float32 or uint8. */
  readonly observationSpace: Box;
  readonly actionSpace: Discrete | Box;
  readonly metadata: EnvMetadata;
  /** A random stream for a seed. Usually `defaultRng`. */
  readonly createRandom: (seed: Seed) => R;
  /** A state before its first reset; allocates all it will ever need. */
  createState(): S;
  /** Starts an episode. `options` come from `Env.reset`; throw ValueError on wrong ones before changing anything. */
  reset(state: S, random: R, options?: Readonly<Record<string, unknown>>): void;
  /** Moves on by one step. The action is `actions[at]` (Discrete, counted from its `start`) or `actions[at .. at + A - 1]` (Box); it is known to be valid. */
  step(state: S, actions: ActionArray, at: number, random: R, outcome: Outcome): void;
  /** Writes the observation into `obs` from `at` on. */
  observe(state: S, obs: ObsArray, at: number): void;
  /** Diagnostics of the state beside the observation. */
  info?(state: S): Info;
  /** Writes the whole state, random stream excepted. */
  save(state: S, writer: ByteWriter): void;
  /** Reads what `save` wrote into a fresh state. Throws InvalidSnapshot on values that cannot be. */
  load(state: S, reader: ByteReader): void;
  /** The world as drawing primitives. Pure. */
  draw(state: S): Frame | null;
}
