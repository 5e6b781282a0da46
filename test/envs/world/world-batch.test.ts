import { expect, test } from "vitest";
import {
  createBatchStep,
  defaultRng,
  InvalidAction,
  make,
  makeBatch,
  ResetNeeded,
  ValueError,
} from "../../../envs/index.ts";
import type { BatchEnv, BatchStep } from "../../../envs/index.ts";

function startedBatch(numEnvs: number, seeds = Array.from({ length: numEnvs }, (_, i) => i)): [BatchEnv, BatchStep] {
  const batch = makeBatch("CartPole-v1", numEnvs, {}, { maxEpisodeSteps: 30 });
  const out = createBatchStep(numEnvs, batch.singleObservationSpace);
  batch.reset(seeds, out);
  return [batch, out];
}

test("each env of a batch is the single env of its seed, ends, time limits and snapshots included", () => {
  const seeds = [5, 2n ** 70n, 9];
  const [batch, out] = startedBatch(3, seeds as number[]);
  const singles = seeds.map((seed) => {
    const env = make("CartPole-v1", {}, { maxEpisodeSteps: 30 });
    env.reset({ seed });
    return env;
  });
  const rng = defaultRng(3);
  let [numTerminated, numTruncated] = [0, 0];
  for (let t = 0; t < 400; t++) {
    const actions = Int32Array.from({ length: 3 }, (_, i) => (i === 0 ? t % 2 : rng.integers(2)));
    batch.step(actions, out);
    for (const [i, env] of singles.entries()) {
      const [obs, reward, terminated, truncated] = env.step(actions[i]);
      const row = (all: BatchStep["obs"]): unknown => all.slice(4 * i, 4 * i + 4);
      if (terminated || truncated) expect(row(out.finalObs)).toEqual(obs);
      expect(row(out.obs)).toEqual(terminated || truncated ? env.reset()[0] : obs);
      expect([out.reward[i], out.terminated[i], out.truncated[i], out.elapsed[i]]).toEqual([
        reward,
        Number(terminated),
        Number(truncated),
        1,
      ]);
      if (t % 50 === 0) expect(batch.snapshot(i)).toEqual(env.snapshot());
      numTerminated += Number(terminated);
      numTruncated += Number(truncated);
    }
  }
  expect(numTerminated).toBeGreaterThan(0);
  expect(numTruncated).toBeGreaterThan(0);
});

test("an env restored from a snapshot continues identically, in another batch too", () => {
  const [batch, out] = startedBatch(2);
  const [other, otherOut] = startedBatch(2, [70, 71]);
  const move = (step: number): Int32Array => Int32Array.of(step % 2, 1);
  for (let t = 0; t < 25; t++) batch.step(move(t), out);
  for (const i of [0, 1]) other.restore(i, batch.snapshot(i));
  other.observe(1, otherOut);
  expect(otherOut.obs.slice(4)).toEqual(out.obs.slice(4));
  for (let t = 25; t < 90; t++) {
    batch.step(move(t), out);
    other.step(move(t), otherOut);
    const { finalObs: _stale, finalElapsed: _staleElapsed, ...seen } = out; // written at ends only, one of which was before
    expect(otherOut).toMatchObject(seen);
  }
});

test("wrong actions, sizes, indices and calls before reset are refused by name", () => {
  const [batch, out] = startedBatch(2);
  expect(() => batch.step(Int32Array.of(0, 2), out)).toThrow(InvalidAction);
  expect(() => batch.step(Int32Array.of(0, 2), out)).toThrow(/env 1: got action 2.*Discrete\(2\)/);
  expect(() => batch.step(Float32Array.of(0, 0.5), out)).toThrow(InvalidAction);
  expect(() => batch.step(Int32Array.of(0), out)).toThrow(/1 action numbers, expected 2 x 1/);
  expect(() => batch.reset([1], out)).toThrow(/got 1 seeds, expected 2/);
  expect(() => batch.snapshot(2)).toThrow(ValueError);
  expect(() => makeBatch("CartPole-v1", 2).step(Int32Array.of(0, 0), out)).toThrow(ResetNeeded);
  expect(() => makeBatch("CartPole-v1", 0)).toThrow(ValueError);
});
