import { make, summarizeDriving } from "gymnasium-js";
import type { Info } from "gymnasium-js";
import { expect, test } from "vitest";
import { demonstrate } from "../../../agents/experts/demonstrate.ts";
import { findExpert } from "../../../agents/experts/experts.ts";
import { DEFAULT_PERTURBATION, NO_PERTURBATION } from "../../../agents/experts/perturbation.ts";

const LANE = "LaneKeeping-v0";

for (const name of ["pure-pursuit", "stanley", "lqr"]) {
  for (const [how, km, perturbation] of [
    ["undisturbed", 100, NO_PERTURBATION],
    ["disturbed", 25, DEFAULT_PERTURBATION],
  ] as const) {
    test(`${name}, ${how}, drives ${km} km without leaving the lane`, () => {
      const env = make(LANE, { observation: "state" });
      const ends: Info[] = [];
      for (const { steps } of demonstrate(env, findExpert(name, LANE), { seed: 1, episodes: km, perturbation })) {
        let last: Info = {};
        for (const step of steps) last = step.nextInfo;
        ends.push(last);
      }
      const driven = summarizeDriving(ends)!;
      expect(driven["crashes"]).toBe(0);
      expect(driven["distanceKm"]).toBeGreaterThan(0.99 * km);
    });
  }
}
