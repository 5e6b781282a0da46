import { expect, test } from "vitest";
import { metricColumns, selectEpisodes, type Query } from "../../viewer/library/sort-episodes.ts";

const ALL: Query = { column: "id", isDescending: false, text: "", ended: "any" };
const episodes = [
  { id: 0, steps: 9, metrics: { numSteps: 9, meanAbsLateralError: 0.4, crashes: 1, distanceKm: 2 } },
  { id: 1, steps: 9 },
  { id: 2, steps: 9, metrics: { numSteps: 9, meanAbsLateralError: 0.1, crashes: 0 } },
];

test("three columns of metrics at most, the most telling first; none where nothing was measured", () => {
  expect(metricColumns(episodes)).toEqual(["metric.crashes", "metric.meanAbsLateralError", "metric.distanceKm"]);
  expect(metricColumns([{ id: 0, steps: 1, metrics: { score: 2 } }])).toEqual(["metric.score"]);
  expect(metricColumns([{ id: 1, steps: 9 }])).toEqual([]);
});

test("episodes are sorted by a metric; those without it come last, up or down", () => {
  const ids = (isDescending: boolean): number[] =>
    selectEpisodes(episodes, { ...ALL, column: "metric.meanAbsLateralError", isDescending }).map(({ id }) => id);
  expect(ids(false)).toEqual([2, 0, 1]);
  expect(ids(true)).toEqual([0, 2, 1]);
});
