import { relative } from "node:path";
import { type Evaluation, numCut } from "../../run/evaluate-policy.ts";
import { ProgressLine, count, duration } from "../../run/progress-line.ts";
import type { Summary } from "../../run/summary.ts";
import type { Terminal } from "../terminal.ts";
import type { OpenRun } from "./open-run.ts";
import type { TrainListener, TrainResult } from "./train-run.ts";

/** Mean and deviation of returns as people read them. */
export const returnText = ({ mean, std }: Pick<Summary, "mean" | "std">): string =>
  `${mean.toFixed(1)} ± ${std.toFixed(1)}`;

/** Says how many episodes were cut because they went on for too long, where some were. */
export const cutText = (numCut: number): string => (numCut > 0 ? `, ${numCut} of them cut` : "");

/** A path as short as it gets. */
export function shortPath(path: string): string {
  const near = relative(".", path);
  return near === "" || near.startsWith("..") ? path : near;
}

/** First line: what is trained, where to. */
export function startText({ config, folder, checkpoint }: OpenRun, numWorkers: number): string {
  const from = checkpoint === null ? "" : `, going on from step ${count(checkpoint.step)}`;
  const workers = numWorkers === 1 ? "1 worker" : `${numWorkers} workers`;
  return `Training ${config.env.id} with ${config.algo.kind.toUpperCase()}, seed ${config.seed}, ${workers}${from} → ${shortPath(folder.path)}`;
}

/** What shows a training run: the listener, and lines of its own. */
export type TrainingPrinter = Required<Omit<TrainListener, "iteration">> & {
  clear(): void;
  /** writes a line that stays */
  note(text: string): void;
};

/** Shows a training run on a terminal. */
export function printTraining(terminal: Terminal): TrainingPrinter {
  const line = new ProgressLine(terminal.progress);
  return {
    clear: () => line.clear(),
    note: (text) => line.note(text),
    progress: (state) => line.update(state),
    evaluation: (evaluation: Evaluation, step: number, isBest: boolean) =>
      line.note(
        `  step ${count(step).padStart(9)}   evaluation ${returnText(evaluation.return)} over ${evaluation.episodes.length} episodes${cutText(numCut(evaluation))}${isBest ? "   best so far" : ""}`,
      ),
    activity: (text) => line.updateText(`  ${text}`),
    finalEvaluation: () => line.clear(),
  };
}

/** Last lines: what came out, and what to do with it. */
export function resultText(result: TrainResult): string {
  const run = shortPath(result.run);
  const speed = `${count(result.steps)} steps in ${duration(result.seconds)} (${count(Math.round(result.stepsPerSecond))} steps/s)`;
  if (result.return === null)
    return `Stopped after ${speed}. Saved in ${run}\n  go on:  npx elegans train ${result.env} --run ${run} --resume`;
  const { episodes, cutEpisodes, min, max } = result.return;
  const how = result.reason === "solved" ? "Solved" : "Done";
  return [
    `${how} after ${speed}.`,
    `Return ${returnText(result.return)} over ${episodes} greedy episodes${cutText(cutEpisodes)} (min ${min.toFixed(1)}, max ${max.toFixed(1)}).`,
    `Saved in ${run}`,
    `  watch it:     npx elegans view ${run}`,
    `  evaluate it:  npx elegans evaluate ${run}`,
  ].join("\n");
}
