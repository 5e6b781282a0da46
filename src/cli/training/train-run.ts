import { basename, join } from "node:path";
import { SeedSequence } from "gymnasium-js";
import type { Trainer } from "../../../agents/trainer.ts";
import { sha256 } from "../../checkpoint/manifest.ts";
import { type Evaluation, numCut } from "../../run/evaluate-policy.ts";
import { MetricsLog } from "../../run/metrics-log.ts";
import { type ProgressState, episodesText } from "../../run/progress-line.ts";
import { ProgressCsv } from "../../run/progress-csv.ts";
import type { Summary } from "../../run/summary.ts";
import { TensorboardLog } from "../../run/tensorboard-log.ts";
import { type LoopEnd, LoopProgress, freshProgress, runTrainingLoop } from "../../run/training-loop.ts";
import { keeperWherePossible, loadRecorder } from "../recording.ts";
import { evaluateInWorld } from "./evaluate-config.ts";
import type { ExistingRun, OpenRun } from "./open-run.ts";

/** What `train --json` prints, and `result.json` of a run. */
export interface TrainResult {
  readonly env: string;
  readonly algo: string;
  readonly seed: number;
  readonly steps: number;
  /** training alone: evaluation and saving are left out */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** final greedy evaluation; null where training was interrupted before it */
  readonly return: (Summary & { readonly episodes: number; readonly cutEpisodes: number }) | null;
  readonly length: { readonly mean: number } | null;
  readonly reason: LoopEnd["reason"];
  readonly run: string;
  /** the evaluated checkpoint: the best one where there were evaluations during training, else the newest */
  readonly checkpoint: string;
  readonly policySha256: string;
}

/** Who listens while a run trains. */
export interface TrainListener {
  progress(state: ProgressState): void;
  evaluation(evaluation: Evaluation, step: number, isBest: boolean): void;
  /** training is over, the final evaluation begins */
  finalEvaluation(end: LoopEnd): void;
  /** something other than training takes its time; said again and again while it does */
  activity?(text: string): void;
  /** after every iteration, with the trainer at rest */
  iteration?(trainer: Trainer, log: MetricsLog): Promise<void>;
}

// Children of the seed tree's evaluation stream: one for every evaluation during training, one for the final one.
const evaluationKey = 5;
const periodic = (seed: number): SeedSequence => new SeedSequence(seed, [evaluationKey, 0]);
const final = (seed: number): SeedSequence => new SeedSequence(seed, [evaluationKey, 1]);

/** Trains a run to its end (or until `signal`), evaluates what came out, and writes `result.json` if it came to its end. */
export async function trainRun(
  { folder, config, checkpoint }: OpenRun,
  trainer: Trainer,
  listener: TrainListener,
  signal: AbortSignal,
): Promise<TrainResult> {
  const log = await MetricsLog.open(folder.metricsPath, trainer.numSteps, [
    new ProgressCsv(join(folder.path, "progress.csv")),
    new TensorboardLog(join(folder.path, "tensorboard")),
  ]);
  if (config.evaluation.record > 0) void loadRecorder(); // while threads are busy with the first iterations
  const end = await runTrainingLoop(
    {
      learner: trainer,
      folder,
      log,
      totalSteps: config.algo.totalSteps,
      evaluation: config.evaluation,
      checkpoint: config.checkpoint,
      evaluate: (policy, step) =>
        evaluateInWorld(config.env, policy, {
          episodes: config.evaluation.episodes,
          seed: periodic(config.seed),
          maxEpisodeSteps: config.evaluation.maxEpisodeSteps,
          onProgress: evaluating(listener, config.evaluation.episodes),
          keeper: keeperOf({ folder, config }, policy, step),
        }),
      onProgress: (state) => listener.progress(state),
      onEvaluation: (evaluation, step, isBest) => listener.evaluation(evaluation, step, isBest),
      ...(listener.iteration && { onIteration: async () => listener.iteration?.(trainer, log) }),
      signal,
    },
    checkpoint === null ? freshProgress : LoopProgress.parse(checkpoint.progress),
  );
  if (end.reason !== "interrupted") listener.finalEvaluation(end);
  const result = await resultOf({ folder, config }, end, listener);
  if (end.reason !== "interrupted") await folder.writeResult(result);
  return result;
}

/** Tells a listener how far an evaluation is. */
const evaluating =
  (listener: TrainListener, of: number) =>
  (done: number, steps: number): void =>
    listener.activity?.(episodesText("evaluating", of, done, steps));

async function resultOf({ folder, config }: ExistingRun, end: LoopEnd, listener: TrainListener): Promise<TrainResult> {
  const isOver = end.reason !== "interrupted";
  const { step, policy } = await folder.checkpoints.loadPolicy(
    isOver && end.progress.best !== null ? "best" : "latest",
  );
  const evaluation = isOver ? await finalEvaluation({ folder, config }, policy, step, listener) : null;
  const { seconds } = end.progress;
  return {
    env: config.env.id,
    algo: config.algo.kind,
    seed: config.seed,
    steps: end.latestStep,
    seconds,
    stepsPerSecond: seconds > 0 ? end.latestStep / seconds : 0,
    return: evaluation === null ? null : returnOf(evaluation),
    length: evaluation === null ? null : { mean: evaluation.length.mean },
    reason: end.reason,
    run: folder.path,
    checkpoint: folder.checkpoints.pathOf(step),
    policySha256: sha256(policy),
  };
}

const returnOf = (evaluation: Evaluation): TrainResult["return"] => ({
  ...evaluation.return,
  episodes: evaluation.episodes.length,
  cutEpisodes: numCut(evaluation),
});

const finalEvaluation = (
  run: ExistingRun,
  policy: Uint8Array,
  step: number,
  listener: TrainListener,
): Promise<Evaluation> =>
  evaluateInWorld(run.config.env, policy, {
    episodes: run.config.evaluation.finalEpisodes,
    seed: final(run.config.seed),
    maxEpisodeSteps: run.config.evaluation.maxEpisodeSteps,
    onProgress: evaluating(listener, run.config.evaluation.finalEpisodes),
    keeper: keeperOf(run, policy, step),
  });

function keeperOf(
  { folder, config }: ExistingRun,
  policy: Uint8Array,
  step: number,
): ReturnType<typeof keeperWherePossible> {
  const about = { count: config.evaluation.record, name: basename(folder.path), step };
  return keeperWherePossible(folder.episodesPath, config.env, policy, about);
}
