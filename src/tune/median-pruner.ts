import type { Trial } from "./trial.ts";

/** Trials that must have ended before any is given up. */
const STARTUP_TRIALS = 5;
/** Evaluations that every trial gets. */
const WARM_UP_EVALUATIONS = 2;

/**
 * Whether a trial should be given up: its best return so far lies below the median of what the completed trials had reached by the same
 * step (Golovin et al. 2017, "Google Vizier").
 */
export function shouldPrune(trial: Pick<Trial, "progress">, trials: readonly Trial[]): boolean {
  const now = trial.progress.at(-1);
  const complete = trials.filter(({ state }) => state === "complete");
  if (now === undefined || trial.progress.length <= WARM_UP_EVALUATIONS || complete.length < STARTUP_TRIALS)
    return false;
  const [step, value] = now;
  const reached = complete.flatMap((other) => other.progress.findLast(([at]) => at <= step)?.[1] ?? []);
  return reached.length > 0 && value < median(reached);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
