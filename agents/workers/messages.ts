import type { ErrorData } from "../../src/errors.ts";
import type { NamedTensor } from "../../src/policy/safetensors.ts";
import type { Metrics } from "../trainer.ts";
import type { SharedSizes } from "./shared-memory.ts";

/** Tensors by name, on their way from workers to a file or back. */
export type StateTensors = readonly NamedTensor[];

/** What every learner's job says to the threads that compute it. */
export interface SharedJob {
  readonly numWorkers: number;
  /** shared by all workers; of `SharedMemory.byteLength(sizes)` bytes */
  readonly memory: ArrayBufferLike;
  readonly sizes: SharedSizes;
}

/** Where training starts instead of from random weights. */
export interface TrainingStart {
  /** bytes of a policy file */
  readonly policy: Uint8Array;
  /** null: only the weights are taken, and everything else starts anew */
  readonly state: { readonly tensors: StateTensors; readonly optimizer: StateTensors } | null;
}

/** What worker 0 adds to the state: what all workers know alike. */
export interface CommonState {
  readonly tensors: StateTensors;
  readonly optimizer: readonly NamedTensor<Float32Array>[];
}

/** What the main thread asks of all threads; `iterate` so many times. */
export type Command =
  { readonly kind: "iterate"; readonly times: number } | { readonly kind: "policy" | "state" | "close" };

/** What thread 0 says about one iteration. */
export interface IterationAnswer {
  readonly kind: "iterate";
  readonly metrics: Metrics;
  /** how long it took, milliseconds */
  readonly ms: number;
  readonly numSteps: number;
  readonly isDone: boolean;
}

/** What a thread answers. `policy` is answered by thread 0 alone, and so is every single iteration of `iterate`. */
export type Answer =
  | { readonly kind: "ready"; readonly numSteps: number }
  | IterationAnswer
  | { readonly kind: "policy"; readonly bytes: Uint8Array }
  | { readonly kind: "state"; readonly shards: StateTensors; readonly common: CommonState | null }
  | { readonly kind: "closed" }
  | { readonly kind: "error"; readonly error: ErrorData };
