import { expect, test } from "vitest";
import { noteOf } from "../../../src/recording/env-episodes.ts";

const END = { seed: 1, return: 2, terminated: true, truncated: false } as const;
const ACTOR = { kind: "expert", name: "somebody" } as const;

test("of what a world measured the finite numbers are noted, and nothing where it measured nothing", () => {
  const metrics = { kind: "driving", crashes: 1, distanceKm: 0.5, crashesPerKm: Infinity };
  expect(noteOf({ ...END, info: { metrics } }, ACTOR).metrics).toEqual({ crashes: 1, distanceKm: 0.5 });
  expect(noteOf({ ...END, info: { metrics: { kind: "driving" } } }, ACTOR).metrics).toBeUndefined();
  expect(noteOf({ ...END, info: { metrics: 3 } }, ACTOR).metrics).toBeUndefined();
  expect(noteOf({ ...END, info: {} }, ACTOR).metrics).toBeUndefined();
  expect(noteOf(END, ACTOR).metrics).toBeUndefined();
});
