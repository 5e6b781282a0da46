import { expect, test } from "vitest";
import { gae, type GaeInput } from "../../../agents/ppo/gae.ts";

interface Sizes {
  readonly T: number;
  readonly N: number;
}

const rolloutOf = ({ T, N }: Sizes, fill: { reward: number; value: number }): GaeInput => ({
  T,
  N,
  reward: new Float32Array(T * N).fill(fill.reward),
  value: new Float32Array(T * N).fill(fill.value),
  terminated: new Uint8Array(T * N),
  truncated: new Uint8Array(T * N),
  finalValue: new Float32Array(T * N).fill(fill.value),
  lastValue: new Float32Array(N).fill(fill.value),
});

function run(input: GaeInput, gamma: number, lambda: number): { advantages: Float32Array; returns: Float32Array } {
  const advantages = new Float32Array(input.T * input.N).fill(NaN);
  const returns = new Float32Array(input.T * input.N).fill(NaN);
  gae(input, gamma, lambda, advantages, returns);
  return { advantages, returns };
}

test("three steps worked by hand, termination in the middle (1e-6)", () => {
  // gamma 0.5, lambda 0.5. Step 2: 3 + 0.5·8 - 2 = 5. Step 1 terminates: 2 - 1 = 1. Step 0: 1 + 0.5·1 - 4 + 0.25·1 = -2.25.
  const input = rolloutOf({ T: 3, N: 1 }, { reward: 0, value: 0 });
  input.reward.set([1, 2, 3]);
  input.value.set([4, 1, 2]);
  input.terminated.set([0, 1, 0]);
  input.lastValue.set([8]);
  const { advantages, returns } = run(input, 0.5, 0.5);
  expect([...advantages]).toEqual([-2.25, 1, 5]);
  expect([...returns]).toEqual([1.75, 2, 7]);
});

test("truncation bootstraps from the final value, not from the next episode's first value", () => {
  // gamma 0.5, lambda 1. Step 1 truncates with final value 10: 1 + 5 - 0 = 6. Step 0: 1 + 0 - 0 + 0.5·6 = 4.
  const input = rolloutOf({ T: 3, N: 1 }, { reward: 1, value: 0 });
  input.value.set([0, 0, 100]);
  input.truncated.set([0, 1, 0]);
  input.finalValue.set([NaN, 10, NaN]);
  input.lastValue.set([198]);
  expect([...run(input, 0.5, 1).advantages]).toEqual([4, 6, 0]);
});

test("a step that both terminates and truncates counts as terminated", () => {
  const input = rolloutOf({ T: 1, N: 1 }, { reward: 1, value: 0 });
  input.terminated.set([1]);
  input.truncated.set([1]);
  input.finalValue.set([50]);
  expect([...run(input, 0.9, 0.9).advantages]).toEqual([1]);
});

test("truncation bootstraps, so an exact critic of an endless task has zero advantage (1e-4)", () => {
  const gamma = 0.98;
  const forever = 1 / (1 - gamma); // value of reward 1 per step with no end
  const input = rolloutOf({ T: 8, N: 3 }, { reward: 1, value: forever });
  for (const i of [2, 7, 12, 21, 22, 23]) input.truncated[i] = 1;
  for (const a of run(input, gamma, 0.95).advantages) expect(Math.abs(a)).toBeLessThan(1e-4);
});

test("lambda 1 gives discounted Monte Carlo returns up to the termination (1e-5)", () => {
  const gamma = 0.9;
  const input = rolloutOf({ T: 5, N: 2 }, { reward: 2, value: 7 });
  input.terminated.set([1, 1], 8);
  const { returns } = run(input, gamma, 1);
  for (let t = 0; t < 5; t++) {
    const expected = (2 * (1 - gamma ** (5 - t))) / (1 - gamma);
    expect(returns[t * 2]).toBeCloseTo(expected, 5);
    expect(returns[t * 2 + 1]).toBeCloseTo(expected, 5);
  }
});

test("lambda 0 gives one-step advantages, env by env (1e-6)", () => {
  const input = rolloutOf({ T: 2, N: 2 }, { reward: 1, value: 0 });
  input.value.set([1, 2, 3, 4]);
  input.lastValue.set([5, 6]);
  expect([...run(input, 0.5, 0).advantages]).toEqual([1.5, 1, 0.5, 0]);
});
