import { FormatError } from "../errors.ts";
import type { NpyArray } from "./read-npy.ts";

/** One step of somebody's own recording. */
export interface ForeignStep {
  readonly obs: ArrayLike<number> | number;
  readonly action: ArrayLike<number> | number;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly elapsed: number;
}

/** One episode of somebody's own recording; `lastObs` is the observation after its last step. */
export interface ForeignEpisode {
  readonly steps: readonly ForeignStep[];
  readonly lastObs: ArrayLike<number> | number;
}

const bad = (message: string): FormatError => new FormatError("import", message);

/**
 * Episodes out of JSON lines: one step per line, `{"obs", "action", "reward", "terminated", "truncated"?, "elapsed"?, "next_obs"?}`. An episode ends where
 * either flag is true. Throws FormatError `import` naming the line and the field.
 */
export function episodesFromJsonLines(text: string): ForeignEpisode[] {
  const rows = text
    .split("\n")
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, number }) => parseLine(line, number));
  return cutIntoEpisodes(rows);
}

type Row = ForeignStep & { readonly nextObs: ArrayLike<number> | number | null };

function parseLine(line: string, number: number): Row {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>; // fields are checked one by one
  } catch {
    throw bad(`line ${number} is not JSON`);
  }
  const where = (field: string): string => `line ${number}, field ${field}`;
  return {
    obs: values(fields["obs"], where("obs")),
    action: values(fields["action"], where("action")),
    reward: real(fields["reward"] ?? 0, where("reward")),
    terminated: flag(fields["terminated"], where("terminated")),
    truncated: flag(fields["truncated"] ?? false, where("truncated")),
    elapsed: real(fields["elapsed"] ?? 1, where("elapsed")),
    nextObs: fields["next_obs"] === undefined ? null : values(fields["next_obs"], where("next_obs")),
  };
}

function values(value: unknown, where: string): number[] | number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const flat: unknown[] = Array.isArray(value) ? value.flat(Infinity) : [];
  if (flat.length > 0 && flat.every((v): v is number => typeof v === "number" && Number.isFinite(v))) return flat;
  throw bad(`${where}: expected a number or an array of numbers, got ${JSON.stringify(value) ?? "nothing"}`);
}

function real(value: unknown, where: string): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw bad(`${where}: expected a number, got ${JSON.stringify(value)}`);
}

function flag(value: unknown, where: string): boolean {
  if (typeof value === "boolean" || value === 0 || value === 1) return Boolean(value);
  throw bad(`${where}: expected true or false, got ${JSON.stringify(value) ?? "nothing"}`);
}

/**
 * Episodes out of arrays with one row per step: `observations`, `actions`, `rewards`, `terminations` and, where there are, `truncations`, `elapsed`,
 * `next_observations`. Throws FormatError `import` naming the array.
 */
export function episodesFromArrays(arrays: ReadonlyMap<string, NpyArray>): ForeignEpisode[] {
  const need = (name: string): NpyArray => {
    const array = arrays.get(name);
    if (array === undefined)
      throw bad(`array ${name} is missing; there are ${[...arrays.keys()].join(", ") || "none"}`);
    return array;
  };
  const observations = need("observations");
  const N = observations.shape[0] ?? 0;
  const rows = (array: NpyArray, name: string): ((t: number) => number[]) => {
    if (array.shape[0] !== N) throw bad(`array ${name} has ${array.shape[0]} rows, observations has ${N}`);
    const size = array.shape.slice(1).reduce((a, b) => a * b, 1);
    return (t) => Array.from({ length: size }, (_, i) => finite(Number(array.data[t * size + i]), name, t));
  };
  const optional = (name: string): ((t: number) => number[]) | null => {
    const array = arrays.get(name);
    return array === undefined ? null : rows(array, name);
  };
  const [obs, action, reward, terminated] = [
    rows(observations, "observations"),
    rows(need("actions"), "actions"),
    rows(need("rewards"), "rewards"),
    rows(need("terminations"), "terminations"),
  ];
  const [truncated, elapsed, next] = [optional("truncations"), optional("elapsed"), optional("next_observations")];
  return cutIntoEpisodes(
    Array.from({ length: N }, (_, t): Row => ({
      obs: obs(t),
      action: action(t),
      reward: reward(t)[0]!,
      terminated: terminated(t)[0] === 1,
      truncated: truncated?.(t)[0] === 1,
      elapsed: elapsed?.(t)[0] ?? 1,
      nextObs: next?.(t) ?? null,
    })),
  );
}

function finite(value: number, name: string, t: number): number {
  if (Number.isFinite(value)) return value;
  throw bad(`array ${name} is ${value} in row ${t}`);
}

/** Steps up to an end are one episode. Steps after the last end were cut off by the recording: they count as truncated. */
function cutIntoEpisodes(rows: readonly Row[]): ForeignEpisode[] {
  const episodes: ForeignEpisode[] = [];
  let first = 0;
  rows.forEach((row, t) => {
    const isLast = t === rows.length - 1;
    if (!row.terminated && !row.truncated && !isLast) return;
    const steps = rows
      .slice(first, t + 1)
      .map((step, i, all) => (i === all.length - 1 && !step.terminated ? { ...step, truncated: true } : step));
    episodes.push({ steps, lastObs: row.nextObs ?? row.obs });
    first = t + 1;
  });
  if (episodes.length === 0) throw bad("there is no step");
  return episodes;
}
