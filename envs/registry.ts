import { closestMatch } from "./registration/closest-match.ts";
import { formatEnvId, parseEnvId } from "./registration/env-id.ts";
import type { EnvId } from "./registration/env-id.ts";
import { EnvSpec } from "./registration/env-spec.ts";
import type { EnvSpecFields } from "./registration/env-spec.ts";
import { pprintSpecs } from "./registration/pprint.ts";
import type { PprintRegistryOptions } from "./registration/pprint.ts";
import {
  DeprecatedEnv,
  GymError,
  NameNotFound,
  NamespaceNotFound,
  RegistrationError,
  ValueError,
  VersionNotFound,
} from "./errors.ts";
import { warn } from "./warn.ts";

export { EnvSpec } from "./registration/env-spec.ts";

/** All registered worlds by id, in the order of registration. */
export const registry: Map<string, EnvSpec> = new Map();

let currentNamespace: string | null = null;

/**
 * Makes a world known under an id, for `make`. Registering an id again replaces it, with a warning. `registerWorld` is shorter for a `World`.
 * Throws ValueError without an entry point, TypeError on one that is none, RegistrationError when versioned and unversioned ids of one name would mix.
 */
export function register(fields: EnvSpecFields): EnvSpec {
  const spec = new EnvSpec({ ...fields, id: withNamespace(fields.id) });
  if (spec.entryPoint === null && spec.vectorEntryPoint === null) {
    throw new ValueError(`register ${spec.id}: expected entryPoint or vectorEntryPoint`);
  }
  checkEntryPoints(spec);
  checkVersions(spec);
  if (registry.has(spec.id)) warn(`register: ${spec.id} was registered before and is replaced`);
  registry.set(spec.id, spec);
  return spec;
}

/** Registers with this namespace inside `body`: `CartPole-v1` becomes `name/CartPole-v1`. */
export function withinNamespace<T>(name: string, body: () => T): T {
  const before = currentNamespace;
  currentNamespace = name;
  try {
    return body();
  } finally {
    currentNamespace = before;
  }
}

/** The registered ids as text for people: by namespace, in columns. Throws ValueError unless `numCols` is a positive integer. */
export function pprintRegistry(options: PprintRegistryOptions = {}): string {
  const { specs = registry.values(), numCols = 3, excludeNamespaces = [] } = options;
  if (!Number.isInteger(numCols) || numCols < 1)
    throw new ValueError(`pprintRegistry: numCols: got ${numCols}, expected a positive integer`);
  return pprintSpecs(specs, numCols, excludeNamespaces);
}

/**
 * Does nothing: `import * as mine from "my-worlds"; registerEnvs(mine)` shows readers, linters and bundlers that a module is imported for what it
 * registers.
 */
export function registerEnvs(_module: unknown): void {}

/** The spec of exactly this id. Throws UnregisteredEnv or DeprecatedEnv with the nearest known name, GymError where the version is missing. */
export function spec(id: string): EnvSpec {
  return registry.get(id) ?? throwNotFound(parseEnvId(id));
}

/**
 * The spec that `make(id)` uses: without a version the latest one, with a warning.
 * Throws UnregisteredEnv or DeprecatedEnv with the nearest known name.
 */
export function resolve(id: string): EnvSpec {
  const parsed = parseEnvId(id);
  const latest = latestVersion(parsed);
  if (parsed.version === null && latest !== null) {
    const latestId = formatEnvId({ ...parsed, version: latest });
    warn(`make: ${id} has no version, using ${latestId}`);
    return spec(latestId);
  }
  const found = spec(id);
  if (parsed.version !== null && latest !== null && latest > parsed.version) {
    warn(`make: ${id} is out of date, consider ${formatEnvId({ ...parsed, version: latest })}`);
  }
  return found;
}

function checkEntryPoints(spec: EnvSpec): void {
  for (const name of ["entryPoint", "vectorEntryPoint", "batchEntryPoint"] as const) {
    const value: unknown = spec[name];
    if (value !== null && typeof value !== "function" && typeof value !== "string")
      throw new TypeError(
        `register ${spec.id}: ${name}: got ${String(value)}, expected a function or the id of a world`,
      );
    if (value === spec.id) throw new ValueError(`register ${spec.id}: ${name} is the id itself`);
  }
}

function withNamespace(id: string): string {
  if (currentNamespace === null) return id;
  const parsed = parseEnvId(id);
  if (parsed.namespace !== null && parsed.namespace !== currentNamespace) {
    warn(`register: ${id} names namespace ${parsed.namespace}, using ${currentNamespace}`);
  }
  return formatEnvId({ ...parsed, namespace: currentNamespace });
}

function versionsOf({ namespace, name }: EnvId): EnvSpec[] {
  return [...registry.values()].filter((s) => s.namespace === namespace && s.name === name);
}

function latestVersion(id: EnvId): number | null {
  const versions = versionsOf(id).flatMap((s) => (s.version === null ? [] : [s.version]));
  return versions.length === 0 ? null : Math.max(...versions);
}

function checkVersions(added: EnvSpec): void {
  const others = versionsOf(added).filter((s) => s.id !== added.id);
  const versioned = others.find((s) => s.version !== null);
  const unversioned = others.find((s) => s.version === null);
  if (added.version === null && versioned) {
    throw new RegistrationError(`register ${added.id}: expected a version, since ${versioned.id} has one`);
  }
  if (added.version !== null && unversioned) {
    throw new RegistrationError(`register ${added.id}: expected no version, since ${unversioned.id} has none`);
  }
}

function throwNotFound(id: EnvId): never {
  const all = [...registry.values()];
  const asked = formatEnvId(id);
  const inNamespace = all.filter((s) => s.namespace === id.namespace);
  if (id.namespace !== null && inNamespace.length === 0) {
    const known = new Set(all.flatMap((s) => s.namespace ?? []));
    throw new NamespaceNotFound(`no namespace ${id.namespace} (asked for ${asked})${suggest(id.namespace, known)}`);
  }
  const versions = versionsOf(id);
  if (versions.length === 0) {
    const known = new Map(
      inNamespace.map((s) => [
        s.name,
        formatEnvId({ namespace: s.namespace, name: s.name, version: latestVersion(s) }),
      ]),
    );
    const match = closestMatch(id.name, known.keys());
    throw new NameNotFound(
      `no environment ${asked}${match === null ? knownList(all) : `; did you mean ${known.get(match)!}?`}`,
    );
  }
  const latest = latestVersion(id);
  const list = versions.map((s) => s.id).join(", ");
  if (id.version === null) throw new GymError(`${asked} has no version; there is ${list}`);
  if (latest === null) throw new DeprecatedEnv(`${asked} does not exist; there is ${list}`);
  if (id.version < latest) throw new DeprecatedEnv(`${asked} is no longer provided; there is ${list}`);
  throw new VersionNotFound(`${asked} does not exist; there is ${list}`);
}

function suggest(name: string, known: Iterable<string>): string {
  const match = closestMatch(name, known);
  return match === null ? "" : `; did you mean ${match}?`;
}

function knownList(all: readonly EnvSpec[]): string {
  return `; there is ${all.map((s) => s.id).join(", ")}`;
}
