import { iqm } from "../run/iqm.ts";
import { interval95, resampledRuns } from "./bootstrap.ts";
import type { Series } from "./chart.ts";

/** What was measured along one run. */
export interface Curve {
  /** ascending */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Points that curves of several runs are compared at. */
const POINTS = 150;

/**
 * Exponential smoothing that starts unbiased: weight `factor` (0 none … below 1) for what came before, as TensorBoard's slider.
 */
export function smoothed({ x, y }: Curve, factor: number): Curve {
  let [sum, weight] = [0, 0];
  const values = y.map((value) => {
    sum = factor * sum + (1 - factor) * value;
    weight = factor * weight + (1 - factor);
    return sum / weight;
  });
  return { x, y: values };
}

/**
 * One line for the runs of a group: the interquartile mean over runs with its stratified-bootstrap 95 % band; a single run is drawn as it is.
 *
 * Runs are compared at common places, linearly between their own points, from where all have begun; one that ended early (a target was
 * reached) keeps its last value. Curves without points are left out.
 */
export function groupSeries(label: string, curves: readonly Curve[]): Series {
  const measured = curves.filter(({ x }) => x.length > 0);
  const [only] = measured;
  if (only === undefined) return { label, x: [], y: [], band: null };
  if (measured.length === 1) return { label, ...only, band: null };
  const from = Math.max(...measured.map(({ x }) => x[0]!));
  const to = Math.max(...measured.map(({ x }) => x.at(-1)!));
  const x = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  const values = measured.map((curve) => x.map((at) => valueAt(curve, at)));
  return { label, x, y: x.map((_, i) => iqm(values.map((run) => run[i]!))), band: bandOf(values) };
}

/** Linear between points, constant outside of them. */
export function valueAt({ x, y }: Curve, at: number): number {
  let high = x.findIndex((value) => value >= at);
  if (high === -1) return y.at(-1)!;
  if (high === 0) return y[0]!;
  while (x[high] === x[high - 1] && high > 1) high--; // a step measured twice
  const share = (at - x[high - 1]!) / (x[high]! - x[high - 1]!);
  return y[high - 1]! + share * (y[high]! - y[high - 1]!);
}

/** Whole runs are drawn, so that neighbouring points of a band belong together. */
function bandOf(values: readonly (readonly number[])[]): NonNullable<Series["band"]> {
  const draws = [...resampledRuns(values.length)];
  const edges = values[0]!.map((_, point) =>
    interval95(draws.map((runs) => iqm(runs.map((run) => values[run]![point]!)))),
  );
  return { low: edges.map(([low]) => low), high: edges.map(([, high]) => high) };
}
