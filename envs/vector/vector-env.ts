import type { EnvMetadata, Info, ResetOptions, Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import type { EnvSpec } from "../registration/env-spec.ts";
import type { Space } from "../spaces/space.ts";

/**
 * When a vector env resets a copy whose episode has ended. NextStep: the step after an end ignores its action and resets (reward 0, no
 * flags). SameStep: the step that ends resets as well. Disabled: nothing resets by itself.
 */
export type AutoresetMode = "NextStep" | "SameStep" | "Disabled";

/** What `reset` of a vector env accepts. */
export interface VectorResetOptions {
  /** A seed s gives env i the seed s + i; a list gives each its own (null: its stream goes on). */
  readonly seed?: Seed | readonly (Seed | null)[];
  /** `resetMask`, [N] of 0 or 1 as Uint8Array or booleans: reset only these copies. The rest goes to every env. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Result of a vector step: observations of the batched space, [N] rewards, [N] flags of 0 or 1, batched info (see `BatchedInfo`). */
export type VectorStep<Obs> = [
  obs: Obs,
  rewards: Float64Array,
  terminated: Uint8Array,
  truncated: Uint8Array,
  info: Info,
];

/** Several copies of one environment stepped together, in Gymnasium's contract `gymnasium.vector.VectorEnv`. */
export interface VectorEnv<Obs = unknown, Actions = unknown> {
  /** Number of copies (N). */
  readonly numEnvs: number;
  /** Observations of all copies: `batchSpace` of the single one. */
  readonly observationSpace: Space<Obs>;
  /** Actions of all copies: `batchSpace` of the single one. */
  readonly actionSpace: Space<Actions>;
  /** Observations of one copy. */
  readonly singleObservationSpace: Space<unknown>;
  /** Actions of one copy. */
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata & { readonly autoresetMode: AutoresetMode };
  /** How a copy was made; from `makeVec` with `numEnvs` among the arguments; null where that is not known. */
  spec: EnvSpec | null;
  readonly closed: boolean;
  /** Starts an episode in every copy, or in those of `resetMask`. */
  reset(options?: VectorResetOptions): [Obs, Info];
  /** One step of every copy. Throws what an env throws. */
  step(actions: Actions): VectorStep<Obs>;
  /** The picture of each copy, as `Env.render`. */
  render(): readonly (Frame | null)[];
  /** Closes every copy; safe to repeat. */
  close(): void;
  /** The same: `using envs = makeVec(id, 4)` closes them at the end of the block. */
  [Symbol.dispose](): void;
}

const MODES: readonly AutoresetMode[] = ["NextStep", "SameStep", "Disabled"];

/** An autoreset mode. Throws ValueError on anything else. */
export function checkAutoresetMode(mode: string): AutoresetMode {
  const found = MODES.find((known) => known === mode);
  if (found !== undefined) return found;
  throw new ValueError(`autoresetMode: got ${JSON.stringify(mode)}, expected ${MODES.join(", ")}`);
}

/** Seeds of all envs; undefined where none is given. Throws ValueError on a list of another length. */
export function spreadSeeds(seed: VectorResetOptions["seed"], numEnvs: number): (Seed | undefined)[] {
  if (typeof seed === "object") {
    if (seed.length !== numEnvs) throw new ValueError(`reset: got ${seed.length} seeds, expected ${numEnvs}`);
    return seed.map((one) => one ?? undefined);
  }
  return Array.from({ length: numEnvs }, (_, i) =>
    seed === undefined ? undefined : typeof seed === "bigint" ? seed + BigInt(i) : seed + i,
  );
}

/** What one copy's `reset` is given. */
export function resetOptionsOf(seed: Seed | undefined, options: ResetOptions["options"] | undefined): ResetOptions {
  return { ...(seed === undefined ? {} : { seed }), ...(options === undefined ? {} : { options }) };
}

/** The copies to reset and the options for each. Throws TypeError or ValueError on a wrong mask. */
export function takeResetMask(
  options: Readonly<Record<string, unknown>> | undefined,
  numEnvs: number,
): { readonly mask: readonly boolean[] | null; readonly rest: Readonly<Record<string, unknown>> | undefined } {
  if (options === undefined || !("resetMask" in options)) return { mask: null, rest: options };
  const { resetMask, ...rest } = options;
  const isBooleans = Array.isArray(resetMask) && resetMask.every((flag) => typeof flag === "boolean");
  if (!isBooleans && !(resetMask instanceof Uint8Array)) {
    throw new TypeError("reset options.resetMask: expected a Uint8Array of 0 and 1, or a list of booleans");
  }
  const mask = Array.from(resetMask as ArrayLike<number | boolean>, Boolean);
  if (mask.length !== numEnvs)
    throw new ValueError(`reset options.resetMask: got ${mask.length} entries, expected ${numEnvs}`);
  if (!mask.includes(true)) throw new ValueError("reset options.resetMask: expected at least one env to reset");
  return { mask, rest };
}
