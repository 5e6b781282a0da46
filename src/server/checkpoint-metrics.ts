import type { LiveSource } from "./live-source.ts";

/** What tells how good a policy is, the most telling first. */
const TELLING = [
  "evalReturn",
  "evalReturnStd",
  "evalLength",
  "episodeReturn",
  "validationLoss",
  "validationError",
  "loss",
];
const MAX_METRICS = 4;

type Records = ReturnType<LiveSource["metrics"]>;

/** The metrics that a run's checkpoints are compared by: those of `TELLING` that were measured at all, four at most. */
export function tellingMetrics(records: Records): readonly string[] {
  return TELLING.filter((name) => records.some((record) => record[name] !== undefined)).slice(0, MAX_METRICS);
}

/** Each of `names` as it was measured last, up to a step; left out where it was not measured by then. Records are in step order. */
export function metricsAt(records: Records, names: readonly string[], step: number): Record<string, number> {
  const until = records.findLastIndex((record) => (record["step"] ?? Infinity) <= step);
  const found: Record<string, number> = {};
  for (const name of names) {
    const value = records.slice(0, until + 1).findLast((record) => record[name] !== undefined)?.[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}
