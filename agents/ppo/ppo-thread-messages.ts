import type { ErrorData } from "../../src/errors.ts";
import type { NamedTensor } from "../../src/policy/safetensors.ts";
import type { EnvChoice } from "../rollout/make-env.ts";
import type { Metrics } from "../trainer.ts";
import type { StateTensors } from "./ppo-state.ts";
import type { PpoJob } from "./ppo-worker.ts";

/** What a PPO thread is started with. */
export interface PpoThreadData {
  readonly job: PpoJob;
  readonly env: EnvChoice;
  readonly workerIndex: number;
  readonly start: PpoStart | null;
}

/** Where training starts instead of from random weights. */
export interface PpoStart {
  /** bytes of a policy file */
  readonly policy: Uint8Array;
  /** null: only the weights are taken, and everything else starts anew */
  readonly state: { readonly tensors: StateTensors; readonly optimizer: StateTensors } | null;
}

/** What the main thread asks of all threads. */
export type PpoCommand = "iterate" | "policy" | "state" | "close";

/** What a thread answers. `iterate` and `policy` are answered by thread 0 alone. */
export type PpoAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "iterate"; readonly metrics: Metrics }
  | { readonly kind: "policy"; readonly bytes: Uint8Array }
  | { readonly kind: "state"; readonly shards: StateTensors; readonly common: CommonState | null }
  | { readonly kind: "closed" }
  | { readonly kind: "error"; readonly error: ErrorData };

/** What thread 0 adds to the state. */
export interface CommonState {
  readonly tensors: StateTensors;
  readonly optimizer: readonly NamedTensor<Float32Array>[];
}
