import { stratifiedInterval, tickText } from "../../plot/index.ts";
import { iqm } from "../../run/iqm.ts";
import { textTable } from "../text-table.ts";
import { type HorizontalAxis, curveOf } from "./plotted-run.ts";
import type { RunGroup } from "./run-groups.ts";

/** What a group of runs reached. */
export interface GroupSummary {
  readonly env: string;
  readonly label: string;
  readonly runs: number;
  /** over runs, of the metric's last value: interquartile mean with its bootstrap 95 % interval (null for a single run), range */
  readonly last: {
    readonly iqm: number;
    readonly ci95: readonly [lo: number, hi: number] | null;
    readonly min: number;
    readonly max: number;
  };
  /** interquartile mean of the largest step, and of seconds of training */
  readonly steps: number;
  readonly seconds: number;
}

/** Sums up every group by the last value of a metric. Groups in which no run measured it are left out. */
export function summarizeGroups(groups: readonly RunGroup[], metric: string): GroupSummary[] {
  return groups.flatMap(({ env, label, runs }) => {
    const lastOf = (name: string, axis: HorizontalAxis = "steps"): number[] =>
      runs.flatMap((run) => curveOf(run, name, axis).y.at(-1) ?? []);
    const values = lastOf(metric);
    if (values.length === 0) return [];
    const seconds = lastOf("seconds");
    return {
      env,
      label,
      runs: values.length,
      last: {
        iqm: iqm(values),
        ci95: values.length < 2 ? null : stratifiedInterval([values], iqm),
        min: Math.min(...values),
        max: Math.max(...values),
      },
      steps: iqm(runs.flatMap(({ records }) => records.at(-1)?.step ?? [])),
      seconds: seconds.length === 0 ? 0 : iqm(seconds),
    };
  });
}

/** The same for people. */
export function groupTable(summaries: readonly GroupSummary[], metric: string): string {
  const header = ["environment", "line", "runs", metric, "95 %", "min", "max", "steps", "seconds"];
  const rows = summaries.map(({ env, label, runs, last, steps, seconds }) => [
    env,
    label,
    String(runs),
    number(last.iqm),
    last.ci95 === null ? "–" : last.ci95.map(number).join(" … "),
    number(last.min),
    number(last.max),
    tickText(Math.round(steps)),
    seconds.toFixed(1),
  ]);
  return textTable(header, rows);
}

const number = (value: number): string => {
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(1) : size >= 0.01 || size === 0 ? value.toFixed(3) : value.toExponential(2);
};
