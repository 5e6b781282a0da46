import { iqm } from "../../run/iqm.ts";
import { type Summary, summarize } from "../../run/summary.ts";
import type { Terminal } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import type { OpenRequest } from "./open-run.ts";
import { returnText, shortPath } from "./print-training.ts";
import { type TrainingOptions, trainCommand } from "./train-command.ts";
import type { TrainResult } from "./train-run.ts";

/** What `train --seeds A..B --json` prints. `return` is over the runs' mean returns. */
export interface SeedsResult {
  readonly env: string;
  readonly algo: string;
  readonly seeds: readonly number[];
  readonly return: (Summary & { readonly iqm: number }) | null;
  readonly runs: readonly TrainResult[];
}

/** Trains one run per seed, one after the other, each in a folder of its own, and compares them. Stops after an interrupted run. */
export async function trainSeeds(
  request: OpenRequest,
  seeds: readonly number[],
  options: TrainingOptions,
  terminal: Terminal,
): Promise<SeedsResult> {
  const runs: TrainResult[] = [];
  for (const seed of seeds) {
    const run = request.run === undefined ? undefined : `${request.run}-seed${seed}`;
    const result = await trainCommand({ ...request, seed, run }, options, terminal);
    runs.push(result);
    if (result.reason === "interrupted") break;
  }
  const returns = runs.flatMap((run) => run.return?.mean ?? []);
  const summary = returns.length === 0 ? null : { ...summarize(returns), iqm: iqm(returns) };
  terminal.say(`\n${comparison(runs)}`);
  if (summary !== null)
    terminal.say(
      `\nOver ${returns.length} runs: mean ${returnText(summary)}, IQM ${summary.iqm.toFixed(1)}, worst ${summary.min.toFixed(1)}`,
    );
  return { env: runs[0]?.env ?? "", algo: runs[0]?.algo ?? "", seeds, return: summary, runs };
}

function comparison(runs: readonly TrainResult[]): string {
  const rows = runs.map((run) => [
    String(run.seed),
    run.return === null ? "–" : run.return.mean.toFixed(1),
    run.return === null ? "–" : run.return.min.toFixed(1),
    String(run.steps),
    run.seconds.toFixed(1),
    shortPath(run.run),
  ]);
  return textTable(["seed", "return", "worst episode", "steps", "seconds", "run"], rows);
}
