import type { EpisodeEntry } from "../../src/protocol/index.ts";

/** Columns of the table that can be sorted. */
export const COLUMNS = ["id", "return", "steps", "ended", "seed", "actor"] as const;
/** A column of the table. */
export type Column = (typeof COLUMNS)[number];

/** What the table shows, and in which order. */
export interface Query {
  readonly column: Column;
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
  return episodes.filter(isWanted).toSorted((a, b) => compare(a[query.column], b[query.column], sign) || a.id - b.id);
}

function compare(a: number | string | undefined, b: number | string | undefined, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b));
}
