import { expect, test } from "vitest";
import { summarize, tQuantile975 } from "../../../src/run/summary.ts";

test("mean, population deviation, range and t interval of 1, 2, 3, 4 (by hand)", () => {
  const s = summarize([4, 1, 3, 2]);
  expect(s).toMatchObject({ mean: 2.5, min: 1, max: 4 });
  expect(s.std).toBeCloseTo(Math.sqrt(1.25), 12);
  // s = 1.2910, t(3) = 3.1824, half width 3.1824 * 1.2910 / 2
  expect(s.ci95?.[0]).toBeCloseTo(2.5 - 2.0542, 3);
  expect(s.ci95?.[1]).toBeCloseTo(2.5 + 2.0542, 3);
});

test("one number has no interval; none at all is our own bug", () => {
  expect(summarize([7])).toEqual({ mean: 7, std: 0, min: 7, max: 7, ci95: null });
  expect(() => summarize([])).toThrow("internal");
});

test.each([
  [1, 12.7062],
  [11, 2.20099],
  [30, 2.04227],
  [99, 1.98422],
])("97.5 %% quantile of t with %d degrees of freedom is %d (within 2e-4)", (df, t) => {
  expect(Math.abs(tQuantile975(df) - t)).toBeLessThan(2e-4);
});
