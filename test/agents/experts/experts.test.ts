import { make, summarizeDriving } from "gymnasium-js";
import type { Info, Kwargs } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../agents/experts/demonstrate.ts";
import { EXPERTS, expertsFor, findExpert } from "../../../agents/experts/experts.ts";
import { isMirrorable, mirrorImage } from "../../../agents/experts/mirror.ts";
import { DEFAULT_PERTURBATION, type PerturbationSettings } from "../../../agents/experts/perturbation.ts";
import { ConfigError, EnvError } from "../../../src/errors.ts";

const LANE = "LaneKeeping-v0";

function driveWith(
  name: string,
  kwargs: Kwargs,
  episodes: number,
  perturbation?: PerturbationSettings,
): Record<string, number> {
  const env = make(LANE, { observation: "state", ...kwargs });
  const ends: Info[] = [];
  const options = { seed: 7, episodes, ...(perturbation ? { perturbation } : {}) };
  for (const { steps } of demonstrate(env, findExpert(name, LANE), options)) {
    let last: Info = {};
    for (const step of steps) last = step.nextInfo;
    ends.push(last);
  }
  return { ...summarizeDriving(ends)! };
}

for (const name of ["pure-pursuit", "stanley", "lqr"]) {
  describe(name, () => {
    for (const kwargs of [
      {},
      { vehicle: "kinematic" },
      { difficulty: "hard" },
      { throttle: true, steering: "angle" },
    ]) {
      test(`keeps the lane for 3 km of ${JSON.stringify(kwargs)}, within 0.25 m on average`, () => {
        const { crashes, distanceKm, meanAbsLateralError } = driveWith(name, kwargs, 3);
        expect(crashes).toBe(0);
        expect(distanceKm).toBeGreaterThan(2.9);
        expect(meanAbsLateralError).toBeLessThan(0.25);
      });
    }

    test("keeps the lane for 3 km while its steering is disturbed, and is off the centre more than without", () => {
      const disturbed = driveWith(name, {}, 3, DEFAULT_PERTURBATION);
      expect(disturbed["crashes"]).toBe(0);
      expect(disturbed["maxAbsLateralError"]!).toBeGreaterThan(driveWith(name, {}, 3)["maxAbsLateralError"]!);
    });

    test("keeps the lane in side wind with misaligned wheels and dropped frames", () => {
      const kwargs = { sideWind: [-2, 2], steeringOffset: [-0.02, 0.02], dropRate: 0.2 };
      expect(driveWith(name, kwargs, 3)["crashes"]).toBe(0);
    });
  });
}

test("the CartPole expert holds the pole for 500 steps from 50 starts", () => {
  const env = make("CartPole-v1");
  for (const { steps } of demonstrate(env, findExpert("state-feedback", "CartPole-v1"), { seed: 0, episodes: 50 })) {
    expect([...steps].length).toBe(500);
  }
});

test("the CartPole expert also holds it while one action in twenty is random", () => {
  const env = make("CartPole-v1");
  const options = { seed: 0, episodes: 20, perturbation: DEFAULT_PERTURBATION };
  for (const { steps } of demonstrate(env, findExpert("state-feedback", "CartPole-v1"), options)) {
    const played = [...steps];
    expect(played.length).toBe(500);
    expect(played.some((step) => step.action !== step.executedAction)).toBe(true);
  }
});

test("an unknown expert is refused with the nearest name; a world without experts says who there is", () => {
  expect(() => findExpert("pure-persuit", LANE)).toThrow(/unknown for LaneKeeping-v0; did you mean pure-pursuit\?/);
  expect(() => findExpert("xyz", LANE)).toThrow(ConfigError);
  expect(() => findExpert("lqr", "Nowhere-v3")).toThrow(/there is none for Nowhere-v3; there are pure-pursuit/);
  expect(expertsFor(LANE).map((e) => e.name)).toEqual(["pure-pursuit", "stanley", "lqr"]);
});

test("an expert refuses another world by name", () => {
  const env = make("CartPole-v1");
  env.reset({ seed: 0 });
  for (const expert of EXPERTS.filter((e) => !e.worlds.includes("CartPole"))) {
    expect(() => expert.act(env)).toThrow(EnvError);
  }
  const lane = make(LANE);
  lane.reset({ seed: 0 });
  expect(() => findExpert("state-feedback", "CartPole-v1").act(lane)).toThrow(/expected a CartPole env/);
});

test("demonstrations: labels stay the expert's, executed actions are what the next state follows from", () => {
  const env = make(LANE, { observation: "state" });
  const expert = findExpert("lqr", LANE);
  const replay = make(LANE, { observation: "state" });
  let numDisturbed = 0;
  for (const { seed, steps } of demonstrate(env, expert, {
    seed: 3,
    episodes: 2,
    perturbation: DEFAULT_PERTURBATION,
  })) {
    let [obs] = replay.reset({ seed });
    for (const step of steps) {
      expect(step.obs).toEqual(obs);
      if (step.index % 100 === 0) expect(step.action).toEqual(expert.act(replay));
      const [nextObs, reward, terminated, truncated] = replay.step(step.executedAction);
      expect([nextObs, reward, terminated, truncated]).toEqual([
        step.nextObs,
        step.reward,
        step.terminated,
        step.truncated,
      ]);
      if ((step.action as Float32Array)[0] !== (step.executedAction as Float32Array)[0]) numDisturbed++;
      obs = nextObs;
      if (step.index > 300) break;
    }
  }
  expect(numDisturbed).toBeGreaterThan(100);
});

test("demonstrations: episode k is the same however many are asked for; other seeds give other roads", () => {
  const first = (seed: number, episodes: number): number[] =>
    [...demonstrate(make(LANE), findExpert("lqr", LANE), { seed, episodes })].map((d) => d.seed);
  expect(first(1, 5).slice(0, 2)).toEqual(first(1, 2));
  expect(first(2, 2)).not.toEqual(first(1, 2));
});

test("demonstrations: every 64th snapshot continues the episode, the others show it", () => {
  const env = make(LANE, { observation: "state" });
  const [demonstration] = demonstrate(env, findExpert("lqr", LANE), { seed: 5, episodes: 1 });
  const steps = [...demonstration!.steps].slice(0, 70);
  const other = make(LANE, { observation: "state" });
  other.reset({ seed: 1 });
  other.restore(steps[64]!.snapshot);
  for (const step of steps.slice(64)) expect(other.step(step.executedAction)[0]).toEqual(step.nextObs);
  expect(steps[1]!.snapshot.length).toBeLessThan(steps[64]!.snapshot.length);
});

test("mirroring an image exchanges left and right, twice is the image itself; only one-lane roads allow it", () => {
  const image = Uint8Array.from({ length: 2 * 3 * 3 }, (_, i) => i);
  const [once, twice] = [new Uint8Array(18), new Uint8Array(18)];
  mirrorImage(image, once, 2, 3, 3);
  mirrorImage(once, twice, 2, 3, 3);
  expect(Array.from(once.subarray(0, 9))).toEqual([6, 7, 8, 3, 4, 5, 0, 1, 2]);
  expect(twice).toEqual(image);
  expect([isMirrorable({ lanes: 1 }), isMirrorable({}), isMirrorable({ lanes: [1, 2] })]).toEqual([true, false, false]);
});
