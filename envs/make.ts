import type { BatchEnv } from "./batch-env.ts";
import { checkNumEnvs, SlotsBatch } from "./batch/slots-batch.ts";
import { SingleSlots } from "./batch/single-slots.ts";
import { PassiveEnvChecker } from "./checks/passive-env-checker.ts";
import { disturbEnv, disturbSlots, takeDisturbance } from "./disturbance.ts";
import type { Env } from "./env.ts";
import { GymError, ValueError } from "./errors.ts";
import type { Frame } from "./frame.ts";
import type { Kwargs } from "./registration/env-spec.ts";
import { EnvSpec, resolve, spec as exactSpec } from "./registry.ts";
import { SyncVectorEnv } from "./vector/sync-vector-env.ts";
import type { SyncVectorOptions } from "./vector/sync-vector-env.ts";
import type { VectorEnv } from "./vector/vector-env.ts";
import { OrderEnforcing } from "./wrappers/order-enforcing.ts";
import { checkMaxEpisodeSteps, TimeLimit } from "./wrappers/time-limit.ts";
import { wrapAgain } from "./wrappers/wrapper-registry.ts";

/** Options of `make`. */
export interface MakeOptions {
  /** Another time limit in steps, -1 for none; also taken among a world's arguments, where options go first. */
  readonly maxEpisodeSteps?: number;
  /** Leaves PassiveEnvChecker out; default as the spec says. */
  readonly disableEnvChecker?: boolean;
}

/**
 * Makes a registered world with its arguments, wrapped from the inside out in PassiveEnvChecker, OrderEnforcing, TimeLimit and the
 * wrappers that the spec records (`env.spec` of a wrapped env does).
 * An id without a version means the latest one, with a warning.
 * Every world also takes the arguments `observationNoise` (see `ObservationNoise`), `dropProbability`, `maxDrops`, `jitter` (see
 * `IrregularSampling`) and `maxEpisodeSteps`.
 * Throws UnregisteredEnv (NamespaceNotFound, NameNotFound, VersionNotFound) or DeprecatedEnv for unknown ids, GymError on what is no id and for
 * recorded wrappers that are not registered, ValueError for wrappers whose arguments were not recorded, and what the world throws on wrong
 * arguments (TypeErrors then name the id).
 */
export function make(id: string | EnvSpec, kwargs: Kwargs = {}, options: MakeOptions = {}): Env & Disposable {
  const spec = specOf("make", id);
  const { limit, kwargs: full } = takeTimeLimit(spec, kwargs, options);
  const { disturbance, rest } = takeDisturbance(full);
  let env = construct(spec, rest);
  setSpec(env, bareSpec(spec, full));
  if (!(options.disableEnvChecker ?? spec.disableEnvChecker)) env = new PassiveEnvChecker(env);
  if (spec.orderEnforce) env = new OrderEnforcing(env);
  if (limit !== null) env = new TimeLimit(env, limit);
  return disposable(spec.additionalWrappers.reduce(wrapAgain, disturbEnv(env, disturbance)));
}

/** A bare env of one's own need not have thought of `using`; a frozen one is left as it is. */
function disposable(env: Env): Env & Disposable {
  if (env[Symbol.dispose] === undefined && Object.isExtensible(env))
    Object.defineProperty(env, Symbol.dispose, { value: () => env.close() });
  return env as Env & Disposable; // it has it now, unless it is frozen
}

/**
 * Makes the batched form of a registered world: `numEnvs` copies with time limit and same-step autoreset. A world without one of its
 * own, or with recorded wrappers around it, is stepped copy by copy. Throws as `make` does, ValueError unless `numEnvs` is a positive
 * integer, and CustomSpaceError when its values cannot travel in flat arrays.
 */
export function makeBatch(
  id: string | EnvSpec,
  numEnvs: number,
  kwargs: Kwargs = {},
  options: MakeOptions = {},
): BatchEnv {
  const spec = specOf("makeBatch", id);
  const { limit, kwargs: full } = takeTimeLimit(spec, kwargs, options);
  checkNumEnvs(`makeBatch ${spec.id}`, numEnvs);
  const copies = (each: EnvSpec): Env[] =>
    Array.from({ length: numEnvs }, () => make(each, {}, { ...options, maxEpisodeSteps: limit ?? -1 }));
  if (spec.additionalWrappers.length > 0) return new SlotsBatch(new SingleSlots(copies(spec.with({ kwargs: full }))));
  const { disturbance, rest } = takeDisturbance(full);
  const batchEntryPoint = followName(spec, "batchEntryPoint");
  const limits = { maxEpisodeSteps: limit, orderEnforce: spec.orderEnforce };
  const own = batchEntryPoint === null ? null : explain(spec, full, () => batchEntryPoint(numEnvs, rest, limits));
  const isDisturbed = Object.keys(disturbance).length > 0;
  if (own !== null && !isDisturbed) return own;
  if (own instanceof SlotsBatch) return new SlotsBatch(disturbSlots(own.slots, disturbance));
  return new SlotsBatch(disturbSlots(new SingleSlots(copies(spec.with({ kwargs: rest }))), disturbance));
}

/** Options of `makeVec`; those of `SyncVectorEnv` for `sync` alone. */
export interface MakeVecOptions extends MakeOptions, SyncVectorOptions {
  /** `vectorEntryPoint`: the world's own vector form; absent: that where there is one, otherwise `sync`. */
  readonly vectorizationMode?: "sync" | "vectorEntryPoint";
  /** Wrappers around each copy, for `sync` alone. */
  readonly wrappers?: readonly ((env: Env) => Env)[];
}

/**
 * Makes a vector environment of `numEnvs` copies: the world's own vector form, or copies of `make` stepped one after the other.
 * Throws as `make` does, and GymError or ValueError when the options do not fit.
 */
export function makeVec(
  id: string | EnvSpec,
  numEnvs = 1,
  kwargs: Kwargs = {},
  options: MakeVecOptions = {},
): VectorEnv {
  const spec = specOf("makeVec", id);
  checkNumEnvs(`makeVec ${spec.id}`, numEnvs);
  const own = followName(spec, "vectorEntryPoint");
  const isWrapped = spec.additionalWrappers.length > 0;
  const mode = options.vectorizationMode ?? (own === null || isWrapped ? "sync" : "vectorEntryPoint");
  if (mode === "sync") return makeSync(spec, numEnvs, kwargs, options);
  if (mode !== "vectorEntryPoint") {
    throw new ValueError(`makeVec ${spec.id}: got mode ${JSON.stringify(mode)}, expected sync or vectorEntryPoint`);
  }
  if (own === null) throw new GymError(`makeVec ${spec.id}: this world has no vector form of its own`);
  const refused = [
    ...(isWrapped || options.wrappers?.length ? ["wrappers"] : []),
    ...Object.keys(syncOptionsOf(options)),
  ];
  if (refused.length > 0)
    throw new GymError(
      `makeVec ${spec.id}: its own vector form takes no ${refused.join(" and no ")}; use vectorizationMode "sync"`,
    );
  const { limit, kwargs: rest } = takeTimeLimit(spec, kwargs, options);
  const full = { ...rest, maxEpisodeSteps: limit };
  const env = explain(spec, full, () => own(numEnvs, full));
  env.spec = spec.with({ kwargs: { ...full, numEnvs, vectorizationMode: mode } });
  return env;
}

const syncOptionsOf = ({ autoresetMode, observationMode, copy }: MakeVecOptions): SyncVectorOptions => ({
  ...(autoresetMode !== undefined && { autoresetMode }),
  ...(observationMode !== undefined && { observationMode }),
  ...(copy !== undefined && { copy }),
});

function makeSync(spec: EnvSpec, numEnvs: number, kwargs: Kwargs, options: MakeVecOptions): VectorEnv {
  const makeOne = (): Env =>
    (options.wrappers ?? []).reduce<Env>((env, wrap) => wrap(env), make(spec, kwargs, options));
  const env = new SyncVectorEnv(
    Array.from({ length: numEnvs }, () => makeOne),
    syncOptionsOf(options),
  );
  env.spec = spec.with({ kwargs: { ...spec.kwargs, ...kwargs, numEnvs, vectorizationMode: "sync" } });
  return env;
}

/** The spec of an id. Throws TypeError on anything but an id or a spec (from `makeVec` GymError, as in Gymnasium). */
function specOf(where: string, id: string | EnvSpec): EnvSpec {
  if (typeof id === "string") return resolve(id);
  if (id instanceof EnvSpec) return id;
  const WrongId = where === "makeVec" ? GymError : TypeError;
  throw new WrongId(`${where}: got ${String(id)} (${typeof id}), expected an id such as CartPole-v1 or an EnvSpec`);
}

/** The spec of a world without anything around it. */
function bareSpec(spec: EnvSpec, kwargs: Kwargs): EnvSpec {
  const nothingAround = { maxEpisodeSteps: null, orderEnforce: false, disableEnvChecker: true, additionalWrappers: [] };
  return spec.with({ kwargs, ...nothingAround });
}

const drawers = new Map<string, Env>();

/**
 * Draws a world from a snapshot of it alone: the picture that `render()` gave when the snapshot was taken.
 * Throws InvalidSnapshot on bytes of another world. `kwargs` are those the world was made with.
 */
export function draw(id: string | EnvSpec, snapshot: Uint8Array, kwargs: Kwargs = {}): Frame | null {
  if (typeof id !== "string") return drawWith(make(id, kwargs), snapshot);
  const key = JSON.stringify([id, kwargs]);
  let env = drawers.get(key);
  if (env === undefined) {
    env = make(id, kwargs);
    drawers.set(key, env);
  }
  return drawWith(env, snapshot);
}

function drawWith(env: Env, snapshot: Uint8Array): Frame | null {
  env.restore(snapshot);
  return env.render();
}

/** A world's arguments without its time limit in steps, and that: as the options say, else the arguments, else the spec; null is none. */
function takeTimeLimit(
  spec: EnvSpec,
  kwargs: Kwargs,
  options: MakeOptions,
): { readonly limit: number | null; readonly kwargs: Kwargs } {
  const { maxEpisodeSteps: argument, ...rest }: Kwargs = { ...spec.kwargs, ...kwargs };
  const asked = options.maxEpisodeSteps ?? argument ?? spec.maxEpisodeSteps;
  return { limit: asked === -1 || asked === null ? null : checkMaxEpisodeSteps(asked), kwargs: rest };
}

function construct(spec: EnvSpec, kwargs: Kwargs): Env {
  const entryPoint = followName(spec, "entryPoint");
  if (entryPoint === null) throw new GymError(`make ${spec.id}: it has no entryPoint, only a vector form`);
  const env = explain(spec, kwargs, () => entryPoint(kwargs));
  for (const method of ["reset", "step", "render", "snapshot", "restore", "close"] as const) {
    if (typeof env?.[method] !== "function")
      throw new TypeError(`make ${spec.id}: its entryPoint gave no Env (${method} is missing)`);
  }
  return env;
}

type EntryName = "entryPoint" | "batchEntryPoint" | "vectorEntryPoint";

/** An entry point as a function: given by name, it is that of the registered id. */
function followName<K extends EntryName>(spec: EnvSpec, key: K): Exclude<EnvSpec[K], string> {
  const value: EnvSpec[K] = spec[key];
  if (typeof value !== "string") return value as Exclude<EnvSpec[K], string>; // strings are excluded
  return followName(exactSpec(value), key);
}

/** Runs an entry point; a TypeError gets the id and arguments in front. */
function explain<T>(spec: EnvSpec, kwargs: Kwargs, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TypeError(`make ${spec.id} with ${JSON.stringify(kwargs)}: ${cause.message}`, { cause });
  }
}

function setSpec(env: Env, spec: EnvSpec): void {
  // The innermost env holds its spec; frozen or accessor-only envs keep their own.
  const inner = env as { spec: EnvSpec | null };
  const property = Object.getOwnPropertyDescriptor(inner, "spec");
  if (property === undefined ? "spec" in inner && !hasGetterOnly(inner) : property.writable === true) inner.spec = spec;
}

function hasGetterOnly(env: object): boolean {
  for (let proto: unknown = Object.getPrototypeOf(env); proto; proto = Object.getPrototypeOf(proto)) {
    const property = Object.getOwnPropertyDescriptor(proto, "spec");
    if (property) return property.get !== undefined && property.set === undefined;
  }
  return false;
}
