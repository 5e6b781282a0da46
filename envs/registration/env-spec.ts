import type { BatchEnv } from "../batch-env.ts";
import type { Env } from "../env.ts";
import type { VectorEnv } from "../vector/vector-env.ts";
import { parseEnvId } from "./env-id.ts";
import { pprintSpec } from "./pprint.ts";
import { readSpecFields, toJsonText } from "./spec-json.ts";

/** Arguments of a world. */
export type Kwargs = Readonly<Record<string, unknown>>;

/** Makes an environment from a world's arguments. */
export type EntryPoint = (kwargs: Kwargs) => Env;

/** Makes a vector environment that steps its copies in a way of its own. */
export type VectorEntryPoint = (numEnvs: number, kwargs: Kwargs) => VectorEnv;

/** Makes the batched form. The time limit and order layer are the batch's business, see `BatchOptions`. */
export type BatchEntryPoint = (
  numEnvs: number,
  kwargs: Kwargs,
  options: { readonly maxEpisodeSteps: number | null; readonly orderEnforce: boolean },
) => BatchEnv;

/** A wrapper that was put around an env, for making it again. */
export interface WrapperSpec {
  /** Name of its class. */
  readonly name: string;
  /** Name it is registered under, see `registerWrapper`. */
  readonly entryPoint: string;
  /** Its arguments; null: they were not recorded. */
  readonly kwargs: Kwargs | null;
}

/** What can be said about how a world is made: `gymnasium.register`'s arguments. Only `id` is required. */
export interface EnvSpecFields {
  /** `[namespace/]name[-vVERSION]`, such as `CartPole-v1`. */
  readonly id: string;
  /** A function, or the name of a registered id whose function is taken. */
  readonly entryPoint?: EntryPoint | string | null;
  /** The same for the vector form that `makeVec` makes. */
  readonly vectorEntryPoint?: VectorEntryPoint | string | null;
  /** The same for the batched form that `makeBatch` makes. */
  readonly batchEntryPoint?: BatchEntryPoint | string | null;
  /** Mean return at which the task counts as solved. */
  readonly rewardThreshold?: number | null;
  /** Whether the same seed and actions may give different episodes. */
  readonly nondeterministic?: boolean;
  /** Steps after which `TimeLimit` truncates an episode; null (default) for none. */
  readonly maxEpisodeSteps?: number | null;
  /** Whether `make` adds OrderEnforcing; default true. */
  readonly orderEnforce?: boolean;
  /** Whether `make` leaves PassiveEnvChecker out; default false. */
  readonly disableEnvChecker?: boolean;
  /** Arguments that the entry points get; those of `make` go first. */
  readonly kwargs?: Kwargs;
  /** Wrappers that `make` puts around it, from the inside out. */
  readonly additionalWrappers?: readonly WrapperSpec[];
}

/** How a world is made: `EnvSpecFields` with defaults filled in, and the parts of the id. */
export class EnvSpec {
  readonly id: string;
  readonly entryPoint: EntryPoint | string | null;
  readonly vectorEntryPoint: VectorEntryPoint | string | null;
  readonly batchEntryPoint: BatchEntryPoint | string | null;
  readonly rewardThreshold: number | null;
  readonly nondeterministic: boolean;
  readonly maxEpisodeSteps: number | null;
  readonly orderEnforce: boolean;
  readonly disableEnvChecker: boolean;
  readonly kwargs: Kwargs;
  readonly additionalWrappers: readonly WrapperSpec[];
  readonly namespace: string | null;
  readonly name: string;
  readonly version: number | null;

  /** Throws GymError when the id is malformed. */
  constructor(fields: EnvSpecFields) {
    const { namespace, name, version } = parseEnvId(fields.id);
    this.id = fields.id;
    this.entryPoint = fields.entryPoint ?? null;
    this.vectorEntryPoint = fields.vectorEntryPoint ?? null;
    this.batchEntryPoint = fields.batchEntryPoint ?? null;
    this.rewardThreshold = fields.rewardThreshold ?? null;
    this.nondeterministic = fields.nondeterministic ?? false;
    this.maxEpisodeSteps = fields.maxEpisodeSteps ?? null;
    this.orderEnforce = fields.orderEnforce ?? true;
    this.disableEnvChecker = fields.disableEnvChecker ?? false;
    this.kwargs = { ...fields.kwargs };
    this.additionalWrappers = [...(fields.additionalWrappers ?? [])];
    this.namespace = namespace;
    this.name = name;
    this.version = version;
  }

  /**
   * The spec as JSON text. Functions cannot be written: an entry point that is one is written as the id, whose registration holds it.
   * Throws TypeError when a wrapper's arguments were not recorded or hold functions.
   */
  toJson(): string {
    const unrecorded = this.additionalWrappers.find((wrapper) => wrapper.kwargs === null);
    if (unrecorded !== undefined)
      throw new TypeError(`EnvSpec ${this.id}: the arguments of ${unrecorded.name} were not recorded`);
    const byName = (entry: unknown): unknown => (typeof entry === "function" ? this.id : entry);
    const fields = {
      id: this.id,
      entryPoint: byName(this.entryPoint),
      vectorEntryPoint: byName(this.vectorEntryPoint),
      batchEntryPoint: byName(this.batchEntryPoint),
      rewardThreshold: this.rewardThreshold,
      nondeterministic: this.nondeterministic,
      maxEpisodeSteps: this.maxEpisodeSteps,
      orderEnforce: this.orderEnforce,
      disableEnvChecker: this.disableEnvChecker,
      kwargs: this.kwargs,
      additionalWrappers: this.additionalWrappers,
    };
    return toJsonText(`EnvSpec ${this.id}`, fields);
  }

  /** The spec that `toJson` wrote. Throws TypeError on anything else, naming the wrong field; GymError on a malformed id. */
  static fromJson(text: string): EnvSpec {
    return new EnvSpec(readSpecFields(text));
  }

  /** The spec as text for people, a field per line: those that are not as usual, or `all`. */
  pprint({ all = false }: { readonly all?: boolean } = {}): string {
    return pprintSpec(this, all);
  }

  /** A copy with one more wrapper around it. */
  withWrapper(wrapper: WrapperSpec): EnvSpec {
    return this.with({ additionalWrappers: [...this.additionalWrappers, wrapper] });
  }

  /** A copy with some fields changed. */
  with(changes: Partial<EnvSpecFields>): EnvSpec {
    return new EnvSpec(Object.assign({}, this as EnvSpecFields, changes));
  }
}
