import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Mean return of the newest training episodes (at most 100 per shard, stochastic actions) after so many frames. */
export interface CurvePoint {
  readonly steps: number;
  readonly episodeReturn: number;
}

/** What is kept of a run: enough to repeat it, and to say what came out. */
export interface LearnedRun {
  readonly name: string;
  readonly env: string;
  readonly seed: number;
  readonly steps: number;
  /** of the newest training episodes at the end, stochastic actions */
  readonly trainingReturn: number;
  /** final greedy evaluation of the best checkpoint */
  readonly greedyReturn: number;
  readonly greedyEpisodes: number;
  /** of training alone, on a machine that was busy with other work */
  readonly framesPerSecond: number;
  readonly policySha256: string;
  readonly gitCommit: string | null;
  readonly node: string;
}

const header = "steps,episodeReturn";

/** Thins `metrics.jsonl` to the last record of each of `points` equal parts of the run. */
export function thinCurve(metrics: string, totalSteps: number, points = 100): readonly CurvePoint[] {
  const byPart = new Map<number, CurvePoint>();
  for (const line of metrics.split("\n").filter((text) => text !== "")) {
    const { step, episodeReturn }: { step: number; episodeReturn?: number } = JSON.parse(line);
    if (episodeReturn !== undefined)
      byPart.set(Math.ceil((step * points) / totalSteps), { steps: step, episodeReturn: round(episodeReturn) });
  }
  return [...byPart.values()];
}

const round = (x: number): number => Number(x.toPrecision(5));

/** Writes `<name>.csv` of every run and `runs.json` of all. */
export function writeResults(
  folder: string,
  runs: readonly { readonly run: LearnedRun; readonly curve: readonly CurvePoint[] }[],
): void {
  mkdirSync(folder, { recursive: true });
  for (const { run, curve } of runs) {
    const rows = curve.map((point) => `${point.steps},${point.episodeReturn}`);
    writeFileSync(join(folder, `${run.name}.csv`), `${[header, ...rows].join("\n")}\n`);
  }
  const facts = runs.map(({ run }) => run);
  writeFileSync(join(folder, "runs.json"), `${JSON.stringify(facts, null, 2)}\n`);
}

/** What `writeResults` wrote. Throws where a curve is missing, is not one, or stops before its run did. */
export function readResults(folder: string): ReadonlyMap<LearnedRun, readonly CurvePoint[]> {
  const facts: LearnedRun[] = JSON.parse(readFileSync(join(folder, "runs.json"), "utf8"));
  const stray = readdirSync(folder).filter((f) => f.endsWith(".csv") && !facts.some((run) => `${run.name}.csv` === f));
  if (stray.length > 0) throw new Error(`${folder}: no run of runs.json belongs to ${stray.join(", ")}`);
  return new Map(facts.map((run) => [run, readCurve(join(folder, `${run.name}.csv`), run.steps)]));
}

function readCurve(path: string, steps: number): readonly CurvePoint[] {
  const [first, ...rows] = readFileSync(path, "utf8").trim().split("\n");
  const curve = rows.map((row) => {
    const [at, episodeReturn] = row.split(",").map(Number);
    return { steps: at!, episodeReturn: episodeReturn! };
  });
  const isGrowing = curve.every((point, i) => point.steps > (curve[i - 1]?.steps ?? 0));
  if (first !== header || !isGrowing || !curve.every((p) => Number.isFinite(p.episodeReturn)))
    throw new Error(`${path}: not a learning curve`);
  if ((curve.at(-1)?.steps ?? 0) < steps)
    throw new Error(`${path}: stops at ${curve.at(-1)?.steps} of ${steps} frames`);
  return curve;
}
