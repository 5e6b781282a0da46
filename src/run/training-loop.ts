import { z } from "zod";
import type { NamedTensor } from "../policy/safetensors.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { type ElegansError, NonFiniteError } from "../errors.ts";
import type { Evaluation } from "./evaluate-policy.ts";
import type { MetricsLog } from "./metrics-log.ts";
import type { ProgressState } from "./progress-line.ts";
import type { RunFolder } from "./run-folder.ts";
import type { CheckpointConfig, EvaluationConfig } from "./run-plan.ts";

/** A learner as the loop drives it (see `Trainer` in agents). */
export interface Learner {
  readonly numSteps: number;
  /** sees no sense in going on (early stopping) */
  readonly isDone?: boolean;
  /** absent: always */
  readonly isAtRest?: boolean;
  iterate(untilStep?: number): Promise<Readonly<Record<string, number>>>;
  policy(): Promise<Uint8Array>;
  state(): Promise<{ readonly optimizer: readonly NamedTensor<Float32Array>[]; readonly trainer: Uint8Array }>;
}

/** What the loop itself must remember to go on exactly: `progress.json` of a checkpoint. */
export interface LoopProgress {
  readonly version: 1;
  /** seconds of training, evaluation and saving left out */
  readonly seconds: number;
  /** mean return of the best evaluation */
  readonly best: number | null;
  /** step of the newest evaluation */
  readonly evaluatedAt: number;
  /** the newest evaluation reached the target return, which ended training */
  readonly isSolved: boolean;
}

/** Schema of `LoopProgress`, for reading it from a file. */
export const LoopProgress = z.strictObject({
  version: z.literal(1),
  seconds: z.number().nonnegative(),
  best: z.number().nullable(),
  evaluatedAt: z.int().nonnegative(),
  isSolved: z.boolean(),
});

/** What the loop of a new run remembers. */
export const freshProgress: LoopProgress = { version: 1, seconds: 0, best: null, evaluatedAt: 0, isSolved: false };

/** Everything the loop works with. */
export interface LoopParts {
  readonly learner: Learner;
  readonly folder: RunFolder;
  readonly log: MetricsLog;
  readonly totalSteps: number;
  readonly evaluation: EvaluationConfig;
  readonly checkpoint: CheckpointConfig;
  /** greedy, on its own random streams, the same ones every time */
  evaluate(policy: Uint8Array, step: number): Promise<Evaluation>;
  onProgress?(state: ProgressState): void;
  /** after every iteration, with the learner at rest: it costs some speed */
  onIteration?(): Promise<void>;
  onEvaluation?(evaluation: Evaluation, step: number, isBest: boolean): void;
  /** aborted: finish the iteration, save, return */
  readonly signal: AbortSignal;
}

/** How the loop ended. */
export interface LoopEnd {
  readonly progress: LoopProgress;
  /** total steps done; target return reached; asked to stop */
  readonly reason: "steps" | "solved" | "interrupted";
  /** checkpoint that holds the newest state */
  readonly latestStep: number;
}

/**
 * Trains until the total steps, the target return or an interruption, evaluating and saving on the way.
 *
 * What is learned depends on config and seed alone: evaluations draw from streams of their own, and a run that is saved and taken up again
 * passes through the same states. Rejects with the learner's error; then the newest checkpoint is the last good state.
 */
export async function runTrainingLoop(parts: LoopParts, start: LoopProgress): Promise<LoopEnd> {
  const loop = new TrainingLoop(parts, start);
  try {
    return await loop.run();
  } catch (error) {
    throw error instanceof NonFiniteError ? await withLastGood(error, parts.folder) : error;
  }
}

async function withLastGood(error: NonFiniteError, folder: RunFolder): Promise<ElegansError> {
  const path = folder.checkpoints.pathOf(await folder.checkpoints.resolve("latest"));
  const hint = [error.what.hint, `Training stopped; the last good checkpoint is ${path}.`].filter(Boolean).join(" ");
  return new NonFiniteError({ ...error.what, hint }, { cause: error });
}

class TrainingLoop {
  readonly #parts: LoopParts;
  #seconds: number;
  #best: number | null;
  #evaluatedAt: number;
  #savedAt: number | null;
  #isSolved: boolean;
  /** where the learner last stood still: speed is measured from there */
  #rested = { step: 0, seconds: 0 };

  constructor(parts: LoopParts, start: LoopProgress) {
    this.#parts = parts;
    this.#seconds = start.seconds;
    this.#best = start.best;
    this.#evaluatedAt = start.evaluatedAt;
    this.#isSolved = start.isSolved;
    this.#savedAt = start === freshProgress ? null : parts.learner.numSteps;
  }

  async run(): Promise<LoopEnd> {
    const { learner, totalSteps, signal } = this.#parts;
    if (this.#savedAt === null) await this.#save(); // so that a first update gone wrong leaves something good
    const isOver = (): boolean => learner.numSteps >= totalSteps || learner.isDone === true;
    const isStopped = (): boolean => signal.aborted && learner.isAtRest !== false;
    while (!this.#isSolved && !isOver() && !isStopped()) await this.#iteration();
    const reason = this.#isSolved ? "solved" : isOver() ? "steps" : "interrupted";
    if (this.#savedAt !== learner.numSteps) await this.#save();
    await this.#parts.log.flush();
    return { progress: this.#progress(), reason, latestStep: learner.numSteps };
  }

  async #iteration(): Promise<void> {
    const { learner, log, evaluation: plan, checkpoint, totalSteps } = this.#parts;
    const startedAt = performance.now();
    if (learner.isAtRest !== false) this.#rested = { step: learner.numSteps, seconds: this.#seconds };
    const metrics = await learner.iterate(this.#nextStop());
    this.#seconds += (performance.now() - startedAt) / 1000;
    const step = learner.numSteps;
    const stepsPerSecond = (step - this.#rested.step) / (this.#seconds - this.#rested.seconds);
    const isDue = plan.every > 0 && (step - this.#evaluatedAt >= plan.every || step >= totalSteps);
    const evaluated = isDue ? await this.#evaluate() : null;
    const values = { seconds: this.#seconds, stepsPerSecond, ...metrics };
    await log.append(step, { ...values, ...evaluated?.metrics });
    this.#report(metrics);
    this.#isSolved = evaluated !== null && plan.stopReturn !== null && evaluated.return >= plan.stopReturn;
    if (evaluated?.isBest || this.#isSolved || step - (this.#savedAt ?? 0) >= checkpoint.every)
      await this.#save(evaluated?.isBest);
    await this.#parts.onIteration?.();
  }

  /** Step at which policy or state will be wanted; until then the learner may run ahead. None where it must rest after every iteration. */
  #nextStop(): number | undefined {
    const { evaluation, checkpoint, totalSteps, onIteration, signal } = this.#parts;
    if (onIteration !== undefined || signal.aborted) return undefined;
    const evaluationAt = evaluation.every > 0 ? this.#evaluatedAt + evaluation.every : Infinity;
    return Math.min(totalSteps, evaluationAt, (this.#savedAt ?? 0) + checkpoint.every);
  }

  async #evaluate(): Promise<{ return: number; isBest: boolean; metrics: Record<string, number> }> {
    const { learner, evaluate, onEvaluation } = this.#parts;
    const step = learner.numSteps;
    const evaluation = await evaluate(await learner.policy(), step);
    const { mean, std } = evaluation.return;
    const isBest = this.#best === null || mean > this.#best;
    if (isBest) this.#best = mean;
    this.#evaluatedAt = step;
    onEvaluation?.(evaluation, step, isBest);
    const metrics = { evalReturn: mean, evalReturnStd: std, evalLength: evaluation.length.mean };
    return { return: mean, isBest, metrics };
  }

  #report(metrics: Readonly<Record<string, number>>): void {
    const { learner, onProgress, totalSteps } = this.#parts;
    const recent = metrics["episodeReturn"];
    const loss = metrics["validationLoss"] ?? metrics["loss"];
    onProgress?.({
      step: learner.numSteps,
      totalSteps,
      seconds: this.#seconds,
      stepsPerSecond: this.#seconds > 0 ? learner.numSteps / this.#seconds : null,
      return: recent !== undefined && Number.isFinite(recent) ? recent : null,
      loss: loss !== undefined && Number.isFinite(loss) ? loss : null,
      best: this.#best,
    });
  }

  #progress(): LoopProgress {
    const [seconds, best, evaluatedAt, isSolved] = [this.#seconds, this.#best, this.#evaluatedAt, this.#isSolved];
    return { version: 1, seconds, best, evaluatedAt, isSolved };
  }

  async #save(isBest = false): Promise<void> {
    const { learner, folder, checkpoint, log } = this.#parts;
    await log.flush();
    const [policy, state] = [await learner.policy(), await learner.state()];
    const content: Checkpoint = { step: learner.numSteps, policy, ...state, progress: this.#progress() };
    await folder.checkpoints.save(content, { isBest, keep: checkpoint.keep });
    this.#savedAt = learner.numSteps;
  }
}
