import { defaultRng } from "gymnasium-js";
import { expect, test } from "vitest";
import { groupSeries, smoothed, stratifiedInterval, tickText, ticks, valueAt } from "../../../src/plot/index.ts";
import { iqm } from "../../../src/run/iqm.ts";

const line = (slope: number, x: readonly number[]) => ({ x, y: x.map((at) => slope * at) });

test("a group's line is the interquartile mean at common places, from where all have begun", () => {
  const curves = [0, 1, 2, 100].map((slope, i) => line(slope, i === 0 ? [10, 20, 30] : [0, 15, 30]));
  const { x, y, band } = groupSeries("four", curves);
  expect([x[0], x.at(-1)]).toEqual([10, 30]);
  x.forEach((at, i) => expect(y[i]).toBeCloseTo(1.5 * at, 9)); // the slopes 0 and 100 are outside the middle half
  x.forEach((_, i) => expect(band!.low[i]! <= y[i]! && y[i]! <= band!.high[i]!).toBe(true));
});

test("a run that ended early keeps its last value, and a single run is drawn as it is, without a band", () => {
  const solved = { x: [0, 10], y: [0, 500] };
  const { x, y } = groupSeries("two", [solved, { x: [0, 40], y: [500, 500] }]);
  expect([x.at(-1), y.at(-1)]).toEqual([40, 500]);
  expect(groupSeries("one", [solved])).toEqual({ label: "one", ...solved, band: null });
  expect(groupSeries("none", [])).toEqual({ label: "none", x: [], y: [], band: null });
});

test("values between points are linear, outside of them constant; a step measured twice counts with its first value", () => {
  const curve = { x: [0, 10, 10, 20], y: [0, 5, 7, 9] };
  expect([-1, 0, 4, 10, 15, 99].map((at) => valueAt(curve, at))).toEqual([0, 0, 2, 5, 8, 9]);
});

test("smoothing starts unbiased and leaves a constant as it is", () => {
  const values = smoothed({ x: [0, 1, 2], y: [4, 4, 4] }, 0.9).y;
  for (const value of values) expect(value).toBeCloseTo(4, 12);
  expect(smoothed({ x: [0, 1], y: [1, 3] }, 0.5).y[1]).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75, 12);
});

test("the bootstrap interval covers the true interquartile mean in 85 to 99 of 100 experiments with 10 runs", () => {
  const rng = defaultRng(3);
  let covered = 0;
  for (let experiment = 0; experiment < 100; experiment++) {
    const runs = Array.from({ length: 10 }, () => rng.random() + rng.random()); // symmetric around 1
    const [low, high] = stratifiedInterval([runs], iqm, 400);
    if (low <= 1 && 1 <= high) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(85);
  expect(covered).toBeLessThanOrEqual(99);
});

test("strata stay apart: tasks whose runs agree have an interval of no width", () => {
  expect(
    stratifiedInterval(
      [
        [1, 1, 1],
        [5, 5],
      ],
      iqm,
    ),
  ).toEqual([iqm([1, 1, 1, 5, 5]), iqm([1, 1, 1, 5, 5])]);
  expect(() => stratifiedInterval([[1], []], iqm)).toThrow(/task without runs/);
});

test("ticks are round numbers inside the range", () => {
  expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(ticks(-0.25, 0.31, 5)).toEqual([-0.2, 0, 0.2]);
  expect(ticks(4096, 60_160, 6)).toEqual([10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
  expect([0, 1500, 2e6, 0.3, 2e-5, -40_000].map(tickText)).toEqual(["0", "1.5k", "2M", "0.3", "2e-5", "-40k"]);
});
