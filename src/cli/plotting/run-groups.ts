import { isSettings } from "../../settings/settings-schema.ts";
import type { PlottedRun } from "./plotted-run.ts";

/** What makes runs one line: all settings but the seed; the algorithm; nothing. */
export type Grouping = "config" | "algo" | "run";

/** Runs that are drawn as one line. */
export interface RunGroup {
  readonly label: string;
  readonly env: string;
  readonly runs: readonly PlottedRun[];
}

/** Most settings that a label names. */
const MOST_SETTINGS = 2;

/** Puts runs of one environment together, in the order they came. Groups of settings are labelled by what tells them apart. */
export function groupRuns(runs: readonly PlottedRun[], grouping: Grouping): RunGroup[] {
  const groups = new Map<string, PlottedRun[]>();
  for (const run of runs) {
    const key = `${run.config.env.id} ${keyOf(run, grouping)}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const parts = [...groups.values()];
  return parts.map((members) => {
    const env = members[0]!.config.env.id;
    const others = parts.filter((other) => other !== members && other[0]!.config.env.id === env);
    return { label: labelOf(members, others, grouping), env, runs: members };
  });
}

function keyOf({ path, config }: PlottedRun, grouping: Grouping): string {
  if (grouping === "run") return path;
  if (grouping === "algo") return config.algo.kind;
  return JSON.stringify({ ...config, seed: 0 });
}

function labelOf(
  members: readonly PlottedRun[],
  others: readonly (readonly PlottedRun[])[],
  grouping: Grouping,
): string {
  const [first] = members as [PlottedRun];
  if (grouping === "run") return first.name;
  const { kind } = first.config.algo;
  if (grouping === "algo" || others.length === 0) return kind;
  const own = settingsOf(first.config);
  const telling = [...own].filter(([path, value]) =>
    others.some(([other]) => settingsOf(other!.config).get(path) !== value),
  );
  const shown = telling.filter(([path]) => path !== "algo.kind").slice(0, MOST_SETTINGS);
  const isKindTelling = telling.some(([path]) => path === "algo.kind");
  const words = [...(isKindTelling || shown.length === 0 ? [kind] : []), ...shown.map(settingText)];
  return words.join(" ");
}

const settingText = ([path, value]: readonly [string, string]): string =>
  `${path.replace(/^(algo|policy)\./, "")}=${value.replaceAll('"', "")}`;

/** Every setting but the seed as text, by dotted path. */
function settingsOf(value: unknown, path = ""): Map<string, string> {
  if (!isSettings(value)) return new Map(path === "seed" ? [] : [[path, JSON.stringify(value)]]);
  const inner = Object.entries(value).map(([name, part]) => settingsOf(part, path === "" ? name : `${path}.${name}`));
  return new Map(inner.flatMap((map) => [...map]));
}
