import { ValueError } from "../errors.ts";
import type { Box } from "../spaces/box.ts";

/** Bins per dimension. Throws ValueError on infinite bounds, a wrong number of bins, or bins that are no positive integers. */
export function readBins(where: string, box: Box, bins: number | readonly number[]): readonly number[] {
  if (!Array.from(box.low).concat(Array.from(box.high)).every(Number.isFinite)) {
    throw new ValueError(`${where}: ${String(box)} has infinite bounds, expected finite ones`);
  }
  const all = typeof bins === "number" ? Array.from({ length: box.size }, () => bins) : bins;
  if (all.length !== box.size || !all.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ValueError(`${where}: got bins ${JSON.stringify(bins)}, expected ${box.size} positive integers`);
  }
  return all;
}

/** Edges of `n` equal bins over [low, high], [n + 1], rounded as numpy's linspace rounds them. */
export function binEdges(low: number, high: number, n: number): Float64Array {
  const width = (high - low) / n;
  return Float64Array.from({ length: n + 1 }, (_, k) => (k === n ? high : k * width + low));
}
