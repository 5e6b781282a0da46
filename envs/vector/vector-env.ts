import type { EnvMetadata, Info, Seed } from "../env.ts";
import type { Space } from "../spaces/space.ts";

/** When a vector env resets a copy whose episode has ended. */
export type AutoresetMode = "NextStep" | "SameStep" | "Disabled";

/** What `reset` of a vector env accepts: s gives env i the seed s + i; a list gives each its own. */
export interface VectorResetOptions {
  readonly seed?: Seed | readonly (Seed | null)[];
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Result of a vector step: observations of the batched space, [N] rewards, [N] flags of 0 or 1, batched info. */
export type VectorStep<Obs> = [
  obs: Obs,
  rewards: Float64Array,
  terminated: Uint8Array,
  truncated: Uint8Array,
  info: Info,
];

/** Several copies of one environment stepped together, in Gymnasium's contract. */
export interface VectorEnv<Obs = unknown, Actions = unknown> {
  readonly numEnvs: number;
  readonly observationSpace: Space<Obs>;
  readonly actionSpace: Space<Actions>;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata & { readonly autoresetMode: AutoresetMode };
  readonly closed: boolean;
  reset(options?: VectorResetOptions): [Obs, Info];
  step(actions: Actions): VectorStep<Obs>;
  close(): void;
}
