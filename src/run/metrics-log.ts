import { appendFile, readFile } from "node:fs/promises";
import { writeFileAtomic } from "../checkpoint/atomic-file.ts";
import type { MetricsMirror } from "./metrics-mirror.ts";

/** One line of `metrics.jsonl`: `step` and whatever was measured there. What is not a finite number is left out. */
export type MetricsRecord = Readonly<{ step: number } & Record<string, number>>;

const flushMs = 250;

/** `metrics.jsonl` of a run: one JSON object per line, in step order. A crash can cost the last lines, never earlier ones. */
export class MetricsLog {
  readonly path: string;
  readonly #records: MetricsRecord[];
  readonly #mirrors: readonly MetricsMirror[];
  #pending: MetricsRecord[] = [];
  #flushedMs = performance.now();

  private constructor(path: string, records: MetricsRecord[], mirrors: readonly MetricsMirror[]) {
    this.path = path;
    this.#records = records;
    this.#mirrors = mirrors;
  }

  /**
   * Opens the log to go on after `step`: a torn last line and everything measured later (it will be measured again) are cut off.
   * Step 0 starts anew.
   */
  static async open(path: string, step: number, mirrors: readonly MetricsMirror[] = []): Promise<MetricsLog> {
    const records = (await readMetrics(path)).filter((record) => record.step <= step);
    await writeFileAtomic(path, records.map(line).join(""));
    for (const mirror of mirrors) await mirror.start(records);
    return new MetricsLog(path, records, mirrors);
  }

  /** What was measured so far, oldest first. */
  get records(): readonly MetricsRecord[] {
    return this.#records;
  }

  /** Appends one record; it is on its way to the file at most 250 ms later. Rejects with the system's error. */
  async append(step: number, values: Readonly<Record<string, number>>): Promise<MetricsRecord> {
    const finite = Object.entries(values).filter(([, value]) => Number.isFinite(value));
    const record: MetricsRecord = { ...Object.fromEntries(finite), step };
    this.#records.push(record);
    this.#pending.push(record);
    if (performance.now() - this.#flushedMs > flushMs) await this.flush();
    return record;
  }

  /** Writes what is pending. Rejects with the system's error. */
  async flush(): Promise<void> {
    const records = this.#pending;
    this.#pending = [];
    this.#flushedMs = performance.now();
    if (records.length === 0) return;
    await appendFile(this.path, records.map(line).join(""));
    for (const mirror of this.#mirrors) await mirror.append(records);
  }
}

const line = ({ step, ...values }: MetricsRecord): string => `${JSON.stringify({ step, ...values })}\n`;

/** Reads a `metrics.jsonl`, leaving out lines that are not whole. A missing file has no records. */
export async function readMetrics(path: string): Promise<MetricsRecord[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text.split("\n").flatMap((entry) => parseRecord(entry) ?? []);
}

function parseRecord(text: string): MetricsRecord | null {
  try {
    const record: unknown = JSON.parse(text);
    const isRecord = typeof record === "object" && record !== null && "step" in record;
    return isRecord && typeof record.step === "number" ? (record as MetricsRecord) : null;
  } catch {
    return null;
  }
}
