import { describe, expect, test } from "vitest";
import { NUM_PPO_STATS, ppoStats } from "../../../../src/engine/index.ts";
import {
  clippedPolicyLossReference,
  entropyReference,
  gaussianLogProbReference,
  logSoftmaxReference,
  valueLossReference,
} from "../../../../src/engine/kernels/loss.reference.ts";
import { dense, engineWith, fill, maxDifference, paddingIsZero, randomArray, uniforms } from "../fixtures.ts";

const [CLIP, ENTROPY, WEIGHT, MEAN, SCALE] = [0.2, 0.01, 0.125, 0.3, 1.7];

function tensors(rows: number, A: number) {
  return engineWith((p) => ({
    x: p.tensor("logits or means", rows, A),
    dx: p.tensor("gradient", rows, A),
    logStd: p.tensor("logStd", 1, A),
    dLogStd: p.tensor("d logStd", 1, A),
    vectors: p.tensor("continuous actions", rows, A),
    actions: p.ints("actions", rows),
    logProbs: p.tensor("logProbs", 1, rows),
    advantages: p.tensor("advantages", 1, rows),
    stats: p.doubles("stats", NUM_PPO_STATS),
  }));
}

const row = (values: ArrayLike<number>, r: number, A: number): number[] =>
  Array.from({ length: A }, (_, j) => values[r * A + j]!);

/** Central differences of f at x, float64. */
function slopes(x: ArrayLike<number>, f: (x: Float64Array) => number, h = 1e-6): Float64Array {
  const at = Float64Array.from(x);
  return at.map((kept, i) => {
    at[i] = kept + h;
    const up = f(at);
    at[i] = kept - h;
    const down = f(at);
    at[i] = kept;
    return (up - down) / (2 * h);
  });
}

describe.each([1, 2, 3, 4, 5, 6, 9])("categorical head with %i actions", (A) => {
  const rows = 37;
  const { plan, tensors: t } = tensors(rows, A);
  const k = plan.kernels;
  const logits = randomArray(rows * A, A, 4);
  fill(t.x, logits);
  const draw = uniforms(A + 50);
  const logProbsOf = (values: ArrayLike<number>, r: number): number[] => logSoftmaxReference(row(values, r, A));

  test("clipped PPO: stats within 1e-4, gradient within 1e-5 of central differences, padding zero", () => {
    t.actions.data.forEach((_, r) => (t.actions.data[r] = r % A));
    const old = Float32Array.from({ length: rows }, (_, r) => logProbsOf(logits, r)[r % A]! + (draw() - 0.5));
    const advantages = randomArray(rows, 90 + A, 2);
    t.logProbs.data.set(old);
    t.advantages.data.set(advantages);
    t.stats.data.fill(0);
    k.categoricalPpo(
      t.x.ptr,
      t.dx.ptr,
      t.x.stride,
      A,
      rows,
      t.actions.ptr,
      t.logProbs.ptr,
      t.advantages.ptr,
      MEAN,
      SCALE,
      CLIP,
      ENTROPY,
      WEIGHT,
      t.stats.ptr,
    );
    const parts = (x: ArrayLike<number>) => {
      let [policy, entropy, kl, clipped] = [0, 0, 0, 0];
      for (let r = 0; r < rows; r++) {
        const logProbs = logProbsOf(x, r);
        const logRatio = logProbs[r % A]! - old[r]!;
        policy += clippedPolicyLossReference(logProbs[r % A]!, old[r]!, (advantages[r]! - MEAN) * SCALE, CLIP);
        entropy += entropyReference(logProbs);
        kl += Math.exp(logRatio) - 1 - logRatio;
        clipped += Math.abs(Math.exp(logRatio) - 1) > CLIP ? 1 : 0;
      }
      return { policy, entropy, kl, clipped };
    };
    const expected = parts(logits);
    expect(t.stats.data[ppoStats.policyLoss]).toBeCloseTo(expected.policy, 4);
    expect(t.stats.data[ppoStats.entropy]).toBeCloseTo(expected.entropy, 4);
    expect(t.stats.data[ppoStats.approxKl]).toBeCloseTo(expected.kl, 4);
    expect(t.stats.data[ppoStats.numClipped]).toBe(expected.clipped);
    const gradient = slopes(logits, (x) => {
      const { policy, entropy } = parts(x);
      return WEIGHT * (policy - ENTROPY * entropy);
    });
    expect(maxDifference(dense(t.dx), gradient)).toBeLessThan(1e-5);
    expect(paddingIsZero(t.dx)).toBe(true);
  });
});

test("categorical: logits of ±1e30 give finite losses and gradients; NaN comes out as NaN", () => {
  const { plan, tensors: t } = tensors(3, 3);
  fill(t.x, [1e30, -1e30, 0, -1e30, -1e30, -1e30, NaN, 0, 0]);
  t.actions.data.set([1, 2, 0]);
  t.stats.data.fill(0);
  const k = plan.kernels;
  const add = (rows: number): void =>
    k.categoricalPpo(
      t.x.ptr,
      t.dx.ptr,
      t.x.stride,
      3,
      rows,
      t.actions.ptr,
      t.logProbs.ptr,
      t.advantages.ptr,
      0,
      1,
      CLIP,
      ENTROPY,
      1,
      t.stats.ptr,
    );
  add(2);
  expect([...t.stats.data].every(Number.isFinite)).toBe(true);
  expect([...dense(t.dx, 2)].every(Number.isFinite)).toBe(true);
  add(3);
  expect(t.stats.data[ppoStats.policyLoss]).toBeNaN();
});

describe.each([1, 2, 5])("gaussian head with %i dimensions", (A) => {
  const rows = 23;
  const { plan, tensors: t } = tensors(rows, A);
  const k = plan.kernels;
  const means = randomArray(rows * A, 5);
  const logStd = randomArray(A, 6, 0.7);
  const normals = randomArray(rows * A, 7, 1.5);
  const actions = means.map((mean, i) => mean + Math.exp(logStd[i % A]!) * normals[i]!);
  fill(t.x, means);
  fill(t.logStd, logStd);
  fill(t.vectors, actions);

  test("clipped PPO: gradients of mean and logStd within 2e-5 of central differences", () => {
    const draw = uniforms(A);
    const old = Float32Array.from(
      { length: rows },
      (_, r) => gaussianLogProbReference(row(actions, r, A), row(means, r, A), [...logStd]) + (draw() - 0.5),
    );
    const advantages = randomArray(rows, 8, 2);
    t.logProbs.data.set(old);
    t.advantages.data.set(advantages);
    t.stats.data.fill(0);
    t.dLogStd.data.fill(0);
    k.gaussianPpo(
      t.x.ptr,
      t.dx.ptr,
      t.x.stride,
      A,
      rows,
      t.logStd.ptr,
      t.dLogStd.ptr,
      t.vectors.ptr,
      t.logProbs.ptr,
      t.advantages.ptr,
      MEAN,
      SCALE,
      CLIP,
      ENTROPY,
      WEIGHT,
      t.stats.ptr,
    );
    const loss = (x: ArrayLike<number>, s: ArrayLike<number>): number => {
      let total = 0;
      for (let r = 0; r < rows; r++) {
        const logProb = gaussianLogProbReference(row(actions, r, A), row(x, r, A), Array.from(s));
        const entropy = Array.from(s).reduce((sum, v) => sum + v + 0.5 + 0.5 * Math.log(2 * Math.PI), 0);
        const policy = clippedPolicyLossReference(logProb, old[r]!, (advantages[r]! - MEAN) * SCALE, CLIP);
        total += WEIGHT * (policy - ENTROPY * entropy);
      }
      return total;
    };
    expect(
      maxDifference(
        dense(t.dx),
        slopes(means, (x) => loss(x, logStd)),
      ),
    ).toBeLessThan(2e-5);
    expect(
      maxDifference(
        dense(t.dLogStd),
        slopes(logStd, (s) => loss(means, s)),
      ),
    ).toBeLessThan(1e-4);
    expect(t.stats.data[ppoStats.numClipped]).toBeGreaterThan(0);
  });
});

test.each([0, 0.2])("value loss with clip range %f: sum and gradient within 1e-5 of float64", (clip) => {
  const rows = 41;
  const { plan, tensors: t } = engineWith((p) => ({
    v: p.tensor("values", rows, 1),
    dv: p.tensor("d values", rows, 1),
    returns: p.tensor("returns", 1, rows),
    old: p.tensor("old", 1, rows),
  }));
  const [v, returns, old] = [randomArray(rows, 1), randomArray(rows, 2), randomArray(rows, 3)];
  fill(t.v, v);
  fill(t.returns, returns);
  fill(t.old, old);
  const total = plan.kernels.valueLoss(t.v.ptr, t.dv.ptr, t.v.stride, rows, t.returns.ptr, t.old.ptr, clip, WEIGHT);
  const f = (x: ArrayLike<number>): number =>
    returns.reduce((sum, target, r) => sum + valueLossReference(x[r]!, target, old[r]!, Math.fround(clip)), 0);
  expect(Math.abs(total - f(v))).toBeLessThan(1e-5);
  expect(
    maxDifference(
      dense(t.dv),
      slopes(v, (x) => WEIGHT * f(x)),
    ),
  ).toBeLessThan(1e-5);
  expect(paddingIsZero(t.dv)).toBe(true);
});
