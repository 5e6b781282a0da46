import { expect, test } from "vitest";
import {
  createBatchStep,
  defaultRng,
  IrregularSampling,
  make,
  makeBatch,
  ObservationNoise,
  ValueError,
} from "../../envs/index.ts";
import type { BatchStep, Env } from "../../envs/index.ts";

const cases: [string, Record<string, number>][] = [
  ["CartPole-v1", { observationNoise: 0.1 }],
  ["CartPole-v1", { dropProbability: 0.4 }],
  ["CartPoleNoVel-v1", { dropProbability: 0.3, jitter: 0.5, observationNoise: 0.02 }],
];

for (const [id, kwargs] of cases) {
  test(`${id} with ${JSON.stringify(kwargs)}: the batched form equals the single one, snapshots and restored runs included`, () => {
    const numEnvs = 3;
    const batch = makeBatch(id, numEnvs, kwargs);
    const size = batch.singleObservationSpace.shape![0]!;
    const out = createBatchStep(numEnvs, batch.singleObservationSpace);
    batch.reset([4, 5, 6], out);
    const singles = [4, 5, 6].map((seed) => {
      const env = make(id, kwargs);
      env.reset({ seed });
      return env;
    });
    const rng = defaultRng(1);
    for (let t = 0; t < 200; t++) {
      const actions = Int32Array.from({ length: numEnvs }, () => rng.integers(2));
      batch.step(actions, out);
      for (const [i, env] of singles.entries()) {
        const [obs, reward, terminated, truncated, info] = env.step(actions[i]);
        const hasEnded = terminated || truncated;
        const row = (all: BatchStep["obs"]): unknown => all.slice(size * i, size * (i + 1));
        expect(row(hasEnded ? out.finalObs : out.obs)).toEqual(obs);
        expect((hasEnded ? out.finalElapsed : out.elapsed)[i]).toBe(Math.fround(info.elapsedTime ?? 1));
        expect(out.reward[i]).toBe(reward);
        if (hasEnded) expect(row(out.obs)).toEqual(env.reset()[0]);
        if (t % 10 === 3) {
          expect(batch.snapshot(i)).toEqual(env.snapshot());
          const twin = make(id, kwargs);
          twin.restore(batch.snapshot(i));
          singles[i] = twin;
        }
      }
    }
  });
}

test("noise has the asked spread around the true observation, and leaves the world's own stream alone", () => {
  const noisy = new ObservationNoise(make("CartPole-v1"), 0.5);
  const clean = make("CartPole-v1");
  const [first] = noisy.reset({ seed: 1 });
  const errors: number[] = [];
  let [a, b] = [first, clean.reset({ seed: 1 })[0] as Float32Array];
  for (let t = 0; t < 2000; t++) {
    errors.push(...Array.from(a, (value, k) => value - b[k]!));
    const [noisyStep, cleanStep] = [noisy.step(t % 2), clean.step(t % 2)];
    const hasEnded = cleanStep[2] || cleanStep[3];
    [a, b] = hasEnded
      ? [noisy.reset()[0], clean.reset()[0] as Float32Array]
      : [noisyStep[0], cleanStep[0] as Float32Array];
  }
  const mean = errors.reduce((x, y) => x + y) / errors.length;
  const std = Math.sqrt(errors.reduce((x, y) => x + y * y, 0) / errors.length);
  expect(Math.abs(mean)).toBeLessThan(0.03); // 8000 draws: five standard errors
  expect(Math.abs(std - 0.5)).toBeLessThan(0.02);
});

test("elapsed times add up to the time that passed, rewards to the steps taken", () => {
  const env: Env = new IrregularSampling(make("CartPole-v1"), { dropProbability: 0.5, jitter: 0.9 });
  env.reset({ seed: 3 });
  let [time, total, numSteps] = [0, 0, 0];
  for (;;) {
    const [, reward, terminated, , info] = env.step(numSteps % 2);
    expect(info.elapsedTime).toBeGreaterThan(0);
    time += info.elapsedTime!;
    total += reward;
    numSteps++;
    if (terminated) break;
  }
  expect(total).toBeGreaterThan(numSteps); // frames were lost
  expect(total - time).toBeGreaterThanOrEqual(0); // the last observation is at most the jitter before the last step's end
  expect(total - time).toBeLessThan(0.9 + 1e-9);
});

test("disturbances out of range are refused", () => {
  expect(() => make("CartPole-v1", { dropProbability: 1 })).toThrow(ValueError);
  expect(() => make("CartPole-v1", { jitter: -0.1 })).toThrow(/jitter/);
  expect(() => makeBatch("CartPole-v1", 2, { observationNoise: -1 })).toThrow(ValueError);
  expect(() => make("CartPole-v1", { observationNoise: "big" })).toThrow(TypeError);
});
