import type { RandomSource } from "./road-parameters.ts";

/** A fixed number, or the lowest and highest value of one that is drawn evenly for each episode. */
export type Range = number | readonly [low: number, high: number];

/** Draws from a range. One random number is used either way, so that fixing one value leaves the draws of others alone. */
export function drawRange(source: RandomSource, range: Range): number {
  const share = source.random();
  return typeof range === "number" ? range : range[0] + share * (range[1] - range[0]);
}

/** Largest value that may be drawn. */
export const rangeMax = (range: Range): number => (typeof range === "number" ? range : range[1]);
