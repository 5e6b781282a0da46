import { expect, test } from "vitest";
import { metricsAt, tellingMetrics } from "../../../src/server/checkpoint-metrics.ts";

const records = [
  { step: 100, loss: 3, seconds: 1 },
  { step: 200, loss: 2, evalReturn: 20 },
  { step: 300, loss: 1 },
  { step: 400, loss: 0.5, evalReturn: 90 },
];

test("a checkpoint has what was measured last by its step, and nothing that came later", () => {
  const names = tellingMetrics(records);
  expect(names).toEqual(["evalReturn", "loss"]);
  expect(metricsAt(records, names, 50)).toEqual({});
  expect(metricsAt(records, names, 100)).toEqual({ loss: 3 });
  expect(metricsAt(records, names, 350)).toEqual({ evalReturn: 20, loss: 1 });
  expect(metricsAt(records, names, 1000)).toEqual({ evalReturn: 90, loss: 0.5 });
});

test("four metrics at most, the most telling", () => {
  const all = { evalReturn: 1, evalReturnStd: 1, evalLength: 1, episodeReturn: 1, validationLoss: 1, loss: 1 };
  expect(tellingMetrics([{ step: 1, ...all }])).toEqual(["evalReturn", "evalReturnStd", "evalLength", "episodeReturn"]);
});
