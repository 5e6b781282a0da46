import { expect, test } from "vitest";
import { runSchema } from "../../../src/cli/run-config.ts";
import { listSettings } from "../../../src/cli/settings/list-settings.ts";
import { settingsHelp } from "../../../src/cli/settings/settings-help.ts";
import { wrapText } from "../../../src/cli/settings/wrap-text.ts";

test("every setting, and every kind of one, says what it means", () => {
  const settings = listSettings(runSchema);
  expect(settings.length).toBeGreaterThan(60);
  expect(settings.filter((s) => s.description === "" || /: (;|$)/.test(s.description))).toEqual([]);
});

test("what kinds have alike is listed once with all of them", () => {
  const seeds = listSettings(runSchema).filter((s) => s.group === "policy.circuit.wiring" && s.name === "seed");
  expect(seeds).toMatchObject([{ kinds: ["AutoNCP", "NCP"], byDefault: "null" }]);
});

test("the help keeps to the width of the terminal", () => {
  for (const width of [80, 100, 120])
    for (const line of settingsHelp(runSchema, width).split("\n")) expect(line.length).toBeLessThanOrEqual(width);
});

test("the help of one way to learn leaves the others out", () => {
  const text = settingsHelp(runSchema, 100, "bc");
  expect(text).toContain(".sequenceLength = 16");
  expect(text).not.toContain(".clipRange");
});

test("text is broken at spaces only", () => {
  expect(wrapText("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrapText("incomprehensibilities a b", 5)).toEqual(["incomprehensibilities", "a b"]);
});
