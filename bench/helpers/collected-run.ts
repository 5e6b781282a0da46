import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { type MetricsRecord, readMetrics } from "../../src/run/metrics-log.ts";

const curvePoints = 100;
/** What `elegans plot` may want to draw; the rest of a record is left out. */
const kept = ["seconds", "episodeReturn", "episodeLength", "evalReturn", "entropy", "approxKl", "explainedVariance"];

/** A run as it is kept in the repository: a run folder without checkpoints and episodes, its metrics thinned. */
export interface CollectedRun {
  readonly env: string;
  readonly seed: number;
  readonly totalSteps: number;
  readonly records: readonly MetricsRecord[];
  /** mean return of the final greedy evaluation; null where the run has not come to its end */
  readonly greedyReturn: number | null;
}

/** What is read of a run's `config.json`. */
interface SavedConfig {
  readonly env: { readonly id: string };
  readonly seed: number;
  readonly algo: { readonly totalSteps: number };
}

/** What is read of a run's `result.json`; `run` and `checkpoint` are paths of the machine that made it. */
interface SavedResult {
  readonly run?: string;
  readonly checkpoint?: string;
  readonly return: { readonly mean: number };
}

const readResult = (folder: string): SavedResult | null =>
  existsSync(join(folder, "result.json")) ? readJson<SavedResult>(join(folder, "result.json")) : null;

/** Copies what is worth keeping of run folder `from` to `to`, without the paths of this machine. */
export async function collectRun(from: string, to: string): Promise<void> {
  const write = (file: string, value: unknown): void =>
    writeFileSync(join(to, file), `${JSON.stringify(value, null, 2)}\n`);
  const config = readJson<SavedConfig>(join(from, "config.json"));
  const { run: _, checkpoint: __, ...result } = readResult(from) ?? {};
  const info = readJson<{ readonly command: readonly string[] }>(join(from, "run.json"));
  const records = thinned(await readMetrics(join(from, "metrics.jsonl")), config.algo.totalSteps);
  mkdirSync(to, { recursive: true });
  write("config.json", config);
  write("run.json", { ...info, command: info.command.map(withoutFolder) });
  if (Object.keys(result).length > 0) write("result.json", result);
  writeFileSync(join(to, "metrics.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
}

/** A path of the machine that ran it says nothing elsewhere, wherever the run folder lies by now. */
const withoutFolder = (arg: string): string => (isAbsolute(arg) ? basename(arg) : arg);

/** Reads what `collectRun` wrote. Throws where the records are not in step order or stop before the end of a finished run. */
export async function readCollectedRun(folder: string): Promise<CollectedRun> {
  const { env, seed, algo } = readJson<SavedConfig>(join(folder, "config.json"));
  const records = await readMetrics(join(folder, "metrics.jsonl"));
  const result = readResult(folder);
  if (!records.every((record, i) => i === 0 || record.step > records[i - 1]!.step))
    throw new Error(`${folder}: steps do not grow`);
  if (result !== null && (records.at(-1)?.step ?? 0) < algo.totalSteps)
    throw new Error(`${folder}: the run ended, its metrics stop at step ${records.at(-1)?.step}`);
  return { env: env.id, seed, totalSteps: algo.totalSteps, records, greedyReturn: result?.return.mean ?? null };
}

/** The last record of each hundredth of the run, and every evaluation. */
function thinned(records: readonly MetricsRecord[], totalSteps: number): readonly MetricsRecord[] {
  const partOf = ({ step }: MetricsRecord): number => Math.ceil((step * curvePoints) / totalSteps);
  const isKept = (record: MetricsRecord, i: number): boolean => {
    const next = records[i + 1];
    return next === undefined || partOf(next) > partOf(record) || "evalReturn" in record;
  };
  return records.filter(isKept).map((record) => {
    const values = kept.filter((name) => name in record).map((name) => [name, Number(record[name]!.toPrecision(5))]);
    return { step: record.step, ...Object.fromEntries(values) };
  });
}

/** Reads a file of our own making: `T` is what the code that wrote it says. */
const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;
