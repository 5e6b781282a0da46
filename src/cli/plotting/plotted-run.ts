import { access, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { closestMatch } from "gymnasium-js";
import { ConfigError } from "../../errors.ts";
import type { Curve } from "../../plot/index.ts";
import { type MetricsRecord, readMetrics } from "../../run/metrics-log.ts";
import { RunFolder } from "../../run/run-folder.ts";
import type { RunConfig } from "../run-config.ts";
import { readRunConfig } from "../saved-run.ts";

/** A run as far as plots need it. */
export interface PlottedRun {
  readonly name: string;
  readonly path: string;
  readonly config: RunConfig;
  readonly records: readonly MetricsRecord[];
}

/** What a curve is drawn over. */
export type HorizontalAxis = "steps" | "seconds";

/** Reads runs; a folder of runs stands for all of them. Throws ConfigError `no-run` where a path holds none. */
export async function readPlottedRuns(paths: readonly string[]): Promise<PlottedRun[]> {
  const found = await Promise.all(paths.map(runsIn));
  const unique = [...new Set(found.flat())];
  return Promise.all(unique.map(readPlottedRun));
}

async function runsIn(path: string): Promise<string[]> {
  if (await isRun(path)) return [path];
  const entries = await readdir(path).catch(() => []);
  const inside = entries
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((name) => join(path, name));
  const areRuns = await Promise.all(inside.map(isRun));
  const runs = inside.filter((_, i) => areRuns[i]);
  if (runs.length > 0) return runs;
  throw new ConfigError("no-run", `there is no run in ${path}, nor in a folder directly inside it`);
}

const isRun = (path: string): Promise<boolean> =>
  access(join(path, "config.json")).then(
    () => true,
    () => false,
  );

async function readPlottedRun(path: string): Promise<PlottedRun> {
  const folder = await RunFolder.open(path);
  const [config, records] = await Promise.all([readRunConfig(folder), readMetrics(folder.metricsPath)]);
  return { name: basename(path), path, config, records };
}

/** Metrics that were measured in any of the runs, by name. */
export const metricNames = (runs: readonly PlottedRun[]): string[] =>
  [...new Set(runs.flatMap(({ records }) => records.flatMap(Object.keys)))]
    .filter((name) => name !== "step")
    .toSorted();

/** Evaluations where every run has some, else training episodes, else the loss: what shows whether learning works. */
export function defaultMetric(runs: readonly PlottedRun[]): string {
  const inAll = (name: string): boolean => runs.every(({ records }) => records.some((record) => name in record));
  return ["evalReturn", "episodeReturn", "validationLoss", "loss"].find(inAll) ?? "episodeReturn";
}

/** Throws ConfigError `unknown-metric` naming the nearest one where no run has it. */
export function checkMetric(runs: readonly PlottedRun[], metric: string): void {
  const known = metricNames(runs);
  if (known.includes(metric)) return;
  const nearest = closestMatch(metric, known);
  const advice = nearest === null ? `measured were ${known.join(", ") || "none"}` : `did you mean ${nearest}?`;
  throw new ConfigError("unknown-metric", `--metric ${metric}: no run measured it; ${advice}`);
}

/** A metric along a run. */
export function curveOf({ records }: PlottedRun, metric: string, axis: HorizontalAxis): Curve {
  const measured = records.filter((record) => metric in record && (axis === "steps" || "seconds" in record));
  return {
    x: measured.map((record) => (axis === "steps" ? record.step : record["seconds"]!)),
    y: measured.map((record) => record[metric]!),
  };
}
