import type { MessagePort } from "node:worker_threads";
import type { EnvMetadata, Info, ResetOptions } from "../env.ts";
import type { MakeOptions } from "../make.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import type { SpaceData } from "../spaces/space-data.ts";
import type { CopyStep } from "../vector/env-copy.ts";
import type { AutoresetMode } from "../vector/vector-env.ts";
import type { PackedError } from "./packed-error.ts";
import type { SharedStep } from "./shared-step.ts";

/** How a thread makes an environment: a registered id or a spec as JSON, and the arguments of `make`. */
export interface EnvRecipe {
  readonly id: string | { readonly json: string };
  readonly kwargs: Kwargs;
  readonly options: MakeOptions;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly port: MessagePort;
  /** [number of threads] shared: how many replies each thread has sent */
  readonly numReplies: Int32Array;
  readonly threadIndex: number;
  /** index of the thread's first env among all */
  readonly firstEnv: number;
  readonly recipes: readonly EnvRecipe[];
  /** modules that register environments: URLs or package names */
  readonly imports: readonly string[];
  readonly autoresetMode: AutoresetMode;
}

/** What is said about an environment once it is made. */
export interface MadeEnv {
  readonly observationSpace: SpaceData;
  readonly actionSpace: SpaceData;
  readonly metadata: EnvMetadata;
  /** JSON of the spec it was made from */
  readonly spec: string;
}

/** First message of a thread, before any command. */
export type Greeting =
  | { readonly kind: "made"; readonly envs: readonly MadeEnv[] }
  | { readonly kind: "failed"; readonly envIndex: number; readonly error: PackedError };

/** What a thread is asked; each command gets one reply. Lists have an entry per env of the thread. */
export type Command =
  | { readonly kind: "share"; readonly memory: SharedStep }
  | { readonly kind: "reset"; readonly resets: readonly (ResetOptions | null)[] }
  | { readonly kind: "step"; readonly actions: readonly unknown[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: "set"; readonly name: string; readonly values: readonly unknown[] }
  | { readonly kind: "close" };

/** An observation travels here only where it does not fit into shared memory. */
export interface ResetReply {
  readonly info: Info;
  readonly obs?: unknown;
}

/** What of a step does not fit into shared memory. */
export type StepReply = Pick<CopyStep, "info" | "final"> & { readonly obs?: unknown };

/** Answers. `ended`: the thread is gone, by an error outside of any command or by ending its process. */
export type Reply =
  | { readonly kind: "done" }
  | { readonly kind: "reset"; readonly results: readonly (ResetReply | null)[] }
  | { readonly kind: "step"; readonly results: readonly StepReply[] }
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "error"; readonly envIndex: number; readonly error: PackedError }
  | { readonly kind: "ended"; readonly error: PackedError | null };
