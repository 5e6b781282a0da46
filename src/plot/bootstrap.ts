import { defaultRng } from "gymnasium-js";

/** Resamples drawn where nothing else is said. */
export const RESAMPLES = 2000;

/**
 * Runs drawn with replacement, again and again: each item is a list of n indices below n. The same n gives the same draws,
 * so a figure drawn twice is the same figure.
 */
export function* resampledRuns(n: number, resamples = RESAMPLES): Generator<readonly number[]> {
  const rng = defaultRng(0);
  for (let i = 0; i < resamples; i++) yield Array.from({ length: n }, () => Math.floor(rng.random() * n));
}

/**
 * 95 % interval of a statistic over the runs of several tasks, by the percentile bootstrap with runs drawn within each task (stratified),
 * as Agarwal et al. 2021 (arXiv:2108.13264) advise where runs are few. `statistic` sees all drawn values together.
 *
 * Throws RangeError where a task has no runs.
 */
export function stratifiedInterval(
  tasks: readonly (readonly number[])[],
  statistic: (values: readonly number[]) => number,
  resamples = RESAMPLES,
): readonly [low: number, high: number] {
  if (tasks.some((runs) => runs.length === 0)) throw new RangeError("internal: a task without runs");
  const rng = defaultRng(0);
  const draw = (runs: readonly number[]): number[] => runs.map(() => runs[Math.floor(rng.random() * runs.length)]!);
  const values = Array.from({ length: resamples }, () => statistic(tasks.flatMap(draw)));
  return interval95(values);
}

/** The middle 95 % of some values, between order statistics where need be. */
export function interval95(values: readonly number[]): readonly [low: number, high: number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number): number => {
    const place = q * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
    return below + (above - below) * (place % 1);
  };
  return [at(0.025), at(0.975)];
}
