import { expect, test } from "vitest";
import { ProgressLine, type ProgressState, duration, progressText } from "../../../src/run/progress-line.ts";

const state: ProgressState = {
  step: 12_288,
  totalSteps: 50_000,
  seconds: 0.1,
  stepsPerSecond: 120_345.6,
  return: 213.44,
  best: null,
};

test("the line shows steps, share, ETA, return and speed", () => {
  expect(progressText(state)).toBe(
    "  12,288 / 50,000   ███▉░░░░░░░░░░░░  24 %   ETA 0:00   return 213.4   120,346 steps/s",
  );
});

test("a narrow terminal gets fewer parts, never a wrapped line", () => {
  for (const width of [20, 40, 60, 80, 100]) expect(progressText(state, width).length).toBeLessThanOrEqual(width);
});

test("unknown values are dashes, the end is 100 %", () => {
  const early = progressText({ ...state, step: 50_000, stepsPerSecond: null, return: null });
  expect(early).toContain("100 %   ETA –   return –");
});

test.each([
  [0.4, "0:00"],
  [59.6, "1:00"],
  [3723, "1:02:03"],
])("%d seconds read %s", (seconds, text) => expect(duration(seconds)).toBe(text));

function watched(isTTY: boolean): { line: ProgressLine; written: () => string; at: (ms: number) => void } {
  let text = "";
  let now = 0;
  const out = { isTTY, columns: 80, write: (t: string) => void (text += t) };
  return { line: new ProgressLine(out, () => now), written: () => text, at: (ms) => void (now = ms) };
}

test("on a terminal the line is rewritten at most ten times a second and notes stay above it", () => {
  const { line, written, at } = watched(true);
  line.update(state);
  at(50);
  line.update(state);
  line.note("kept");
  expect(written()).toBe(`\r\u001B[K${progressText(state, 79)}\r\u001B[Kkept\n`);
});

test("elsewhere there is a line every ten seconds and no control characters", () => {
  const { line, written, at } = watched(false);
  for (const ms of [0, 5000, 10_000, 12_000]) {
    at(ms);
    line.update(state);
  }
  expect(written()).toBe(`${progressText(state)}\n`);
});
