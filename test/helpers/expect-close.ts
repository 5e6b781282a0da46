import { expect } from "vitest";

/** Largest absolute entry. */
export const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** Expects equal lengths and every entry within `tolerance`; NaN never passes. */
export function expectClose(
  name: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  expect(actual.length, `${name}: length`).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    worst = error <= worst ? worst : error; // NaN wins
  }
  expect(worst, `${name}: largest error`).toBeLessThanOrEqual(tolerance);
}
