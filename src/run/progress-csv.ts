import { appendFile } from "node:fs/promises";
import { writeFileAtomic } from "../checkpoint/atomic-file.ts";
import type { MetricsRecord } from "./metrics-log.ts";
import { type MetricsMirror, familiarNames } from "./metrics-mirror.ts";

const header = `${[...familiarNames.values()].join(",")}\n`;

const line = (record: MetricsRecord): string =>
  `${[...familiarNames.keys()].map((name) => record[name] ?? "").join(",")}\n`;

/** `progress.csv`: one row per record under the names that users of Stable-Baselines3 know; what was not measured is empty. */
export class ProgressCsv implements MetricsMirror {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  start(records: readonly MetricsRecord[]): Promise<void> {
    return writeFileAtomic(this.#path, header + records.map(line).join(""));
  }

  append(records: readonly MetricsRecord[]): Promise<void> {
    return appendFile(this.#path, records.map(line).join(""));
  }
}
