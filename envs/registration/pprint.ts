import type { EnvSpec, WrapperSpec } from "./env-spec.ts";

/** A spec as text, a field per line: those that say something, or `all`. */
export function pprintSpec(spec: EnvSpec, all: boolean): string {
  const { entryPoint, rewardThreshold, nondeterministic, maxEpisodeSteps, orderEnforce, disableEnvChecker } = spec;
  const fields: readonly (readonly [name: string, value: unknown, isUsual: boolean])[] = [
    ["id", spec.id, false],
    ["entryPoint", typeof entryPoint === "function" ? "a function" : entryPoint, true],
    ["rewardThreshold", rewardThreshold, rewardThreshold === null],
    ["nondeterministic", nondeterministic, !nondeterministic],
    ["maxEpisodeSteps", maxEpisodeSteps, maxEpisodeSteps === null],
    ["orderEnforce", orderEnforce, orderEnforce],
    ["disableEnvChecker", disableEnvChecker, !disableEnvChecker],
    ["additionalWrappers", wrapperLines(spec.additionalWrappers), spec.additionalWrappers.length === 0],
  ];
  return fields
    .filter(([, , isUsual]) => all || !isUsual)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join("\n");
}

const wrapperLines = (wrappers: readonly WrapperSpec[]): string =>
  wrappers.length === 0
    ? "[]"
    : `[\n${wrappers.map((w) => `\tname=${w.name}, kwargs=${kwargsText(w)}`).join(",\n")}\n]`;

const kwargsText = ({ kwargs }: WrapperSpec): string => JSON.stringify(kwargs);

/** How `pprintRegistry` prints. */
export interface PprintRegistryOptions {
  /** What is printed; default all registered worlds. */
  readonly specs?: Iterable<EnvSpec>;
  /** Ids in a row; default 3. */
  readonly numCols?: number;
  readonly excludeNamespaces?: readonly string[];
}

/** Ids by namespace, in columns. */
export function pprintSpecs(specs: Iterable<EnvSpec>, numCols: number, excluded: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const { id, namespace } of specs) {
    const group = namespace ?? "no namespace";
    if (!excluded.includes(group)) groups.set(group, [...(groups.get(group) ?? []), id]);
  }
  const width = Math.max(0, ...[...groups.values()].flat().map((id) => id.length)) + 1;
  return [...groups].map(([group, ids]) => `===== ${group} =====\n${rows(ids.toSorted(), numCols, width)}`).join("\n");
}

function rows(ids: readonly string[], numCols: number, width: number): string {
  const count = Math.ceil(ids.length / numCols);
  return Array.from({ length: count }, (_, row) =>
    ids
      .slice(row * numCols, (row + 1) * numCols)
      .map((id) => id.padEnd(width))
      .join("")
      .trimEnd(),
  ).join("\n");
}
