import { availableParallelism } from "node:os";
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

/**
 * Trains one run per seed, each in a folder of its own, and compares them: as many at once as there are cores, with one thread each unless
 * `workers` says otherwise (threads change nothing but speed). Starts none after an interrupted run.
 */
export async function trainSeeds(
  request: OpenRequest,
  seeds: readonly number[],
  options: TrainingOptions,
  terminal: Terminal,
): Promise<SeedsResult> {
  const runs = await trainAll(request, seeds, options, terminal);
  const returns = runs.flatMap((run) => run.return?.mean ?? []);
  const summary = returns.length === 0 ? null : { ...summarize(returns), iqm: iqm(returns) };
  terminal.say(`\n${comparison(runs)}`);
  if (summary !== null)
    terminal.say(
      `\nOver ${returns.length} runs: mean ${returnText(summary)}, IQM ${summary.iqm.toFixed(1)}, worst ${summary.min.toFixed(1)}`,
    );
  return { env: runs[0]?.env ?? "", algo: runs[0]?.algo ?? "", seeds, return: summary, runs };
}

/** Results in the order of the seeds; of seeds that were not begun there is none. */
async function trainAll(
  request: OpenRequest,
  seeds: readonly number[],
  options: TrainingOptions,
  terminal: Terminal,
): Promise<TrainResult[]> {
  const atOnce = lanesFor(seeds.length, options);
  const own = atOnce === 1 ? options : { ...options, workers: options.workers ?? 1 };
  const results: TrainResult[] = [];
  let [next, isStopped] = [0, false];
  const lane = async (): Promise<void> => {
    while (next < seeds.length && !isStopped) {
      const index = next++;
      const seed = seeds[index]!;
      const run = request.run === undefined ? undefined : `${request.run}-seed${seed}`;
      const screen = atOnce === 1 ? terminal : laneTerminal(terminal, seed);
      results[index] = await trainCommand({ ...request, seed, run }, own, screen);
      isStopped ||= results[index].reason === "interrupted";
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: atOnce }, () =>
      lane().catch((error: unknown) => {
        isStopped = true; // runs that others have begun are finished
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results.filter((result) => result !== undefined);
}

/** The viewer and TensorFlow.js take one run at a time. */
const lanesFor = (numSeeds: number, { view, executor, workers = 1 }: TrainingOptions): number =>
  view || executor === "tfjs" ? 1 : Math.max(1, Math.min(numSeeds, Math.floor(availableParallelism() / workers)));

/** A terminal for one of several runs at once: lines instead of a progress line, each with its seed; results are left to the comparison. */
function laneTerminal(terminal: Terminal, seed: number): Terminal {
  const note = (text: string): void => terminal.note(text.trimEnd().replaceAll(/^/gm, `seed ${seed}  `));
  return {
    ...terminal,
    say: () => {},
    note,
    progress: { isTTY: false, columns: terminal.progress.columns, write: note },
  };
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
