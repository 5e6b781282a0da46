import type { EpisodeEntry } from "../../src/protocol/index.ts";

/** Columns of the table that can be sorted. */
export const COLUMNS = ["id", "return", "steps", "ended", "seed", "actor"] as const;
/** A column of the table. */
export type Column = (typeof COLUMNS)[number];

/** A column of a world's own metric. */
export type MetricColumn = `metric.${string}`;

const MAX_METRICS = 3;
/** Metrics that say most come first; others follow in the order in which they were recorded. */
const TELLING = ["crashes", "meanAbsLateralError", "distanceKm"];

/** Columns for what the world measured of the episodes: three at most. */
export function metricColumns(episodes: readonly EpisodeEntry[]): MetricColumn[] {
  const names = new Set(episodes.flatMap(({ metrics }) => Object.keys(metrics ?? {})));
  const ordered = [...TELLING.filter((name) => names.has(name)), ...names];
  return [...new Set(ordered)].slice(0, MAX_METRICS).map((name) => `metric.${name}` as const);
}

/** What an episode has in a column. */
export function valueIn(episode: EpisodeEntry, column: Column | MetricColumn): number | string | undefined {
  return isMetric(column) ? episode.metrics?.[column.slice("metric.".length)] : episode[column];
}

const isMetric = (column: Column | MetricColumn): column is MetricColumn => column.startsWith("metric.");

/** What the table shows, and in which order. */
export interface Query {
  readonly column: Column | MetricColumn;
  readonly isDescending: boolean;
  /** all words must occur somewhere in the row */
  readonly text: string;
  readonly ended: EpisodeEntry["ended"] | "problem" | "any";
}

/** The episodes that a query asks for, in its order; equal ones by number, missing values last. */
export function selectEpisodes(episodes: readonly EpisodeEntry[], query: Query): EpisodeEntry[] {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  const isWanted = (e: EpisodeEntry): boolean =>
    (query.ended === "any" || (query.ended === "problem" ? e.problem !== undefined : e.ended === query.ended)) &&
    words.every((word) =>
      `${e.id} ${e.ended ?? ""} ${e.seed ?? ""} ${e.actor ?? ""} ${e.problem ?? ""}`.toLowerCase().includes(word),
    );
  const sign = query.isDescending ? -1 : 1;
  return episodes
    .filter(isWanted)
    .toSorted((a, b) => compare(valueIn(a, query.column), valueIn(b, query.column), sign) || a.id - b.id);
}

function compare(a: number | string | undefined, b: number | string | undefined, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b));
}
