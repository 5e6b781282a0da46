import { valueAt } from "../chart/quantities.ts";
import type { SeriesData } from "../chart/decimate.ts";

/** How one quantity goes with another: a path through a plane, scaled to a square of [0, 1] with y upwards. */
export interface PhasePath {
  /** [2 T] x and y of every step; NaN where there is no number */
  readonly points: Float32Array;
  readonly rangeX: readonly [number, number];
  readonly rangeY: readonly [number, number];
}

/** The path of the first `length` steps. Ranges get a margin of 5 %, and those that never change one of 1. */
export function phasePath(x: SeriesData, y: SeriesData, length: number): PhasePath {
  const rangeX = rangeOf(x, length);
  const rangeY = rangeOf(y, length);
  const points = new Float32Array(2 * length);
  for (let t = 0; t < length; t++) {
    points[2 * t] = (valueAt(x, t) - rangeX[0]) / (rangeX[1] - rangeX[0]);
    points[2 * t + 1] = (valueAt(y, t) - rangeY[0]) / (rangeY[1] - rangeY[0]);
  }
  return { points, rangeX, rangeY };
}

function rangeOf(series: SeriesData, length: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let t = 0; t < length; t++) {
    const v = valueAt(series, t);
    if (v < low) low = v;
    if (v > high) high = v;
  }
  if (!(low <= high)) return [-1, 1];
  const margin = high > low ? (high - low) * 0.05 : 1;
  return [low - margin, high + margin];
}

/** The step whose point is nearest, or null where none is within `reach`. */
export function nearestStep({ points }: PhasePath, x: number, y: number, reach: number): number | null {
  let best: number | null = null;
  let nearest = reach * reach;
  for (let t = 0; t < points.length / 2; t++) {
    const d = ((points[2 * t] ?? NaN) - x) ** 2 + ((points[2 * t + 1] ?? NaN) - y) ** 2;
    if (d < nearest) [best, nearest] = [t, d];
  }
  return best;
}
