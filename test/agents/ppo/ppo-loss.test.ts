import { expect, test } from "vitest";
import { denseRows } from "../../../src/policy/rows.ts";
import { gaussianLogProb } from "../../../src/policy/diagonal-gaussian.ts";
import { ppoLoss, totalLoss, zeroSums, type PpoBatch, type PpoHeads } from "../../../agents/ppo/ppo-loss.ts";

const R = 7;
const A = 3;
const settings = {
  clipRange: 0.2,
  valueClipRange: null as number | null,
  valueCoef: 0.5,
  entropyCoef: 0.03,
  advantageMean: 0.1,
  advantageScale: 1.7,
  totalRows: 11, // more than R: other shards hold the rest
};

/** Fixed, uneven numbers in (-1, 1). */
const wave = (n: number, phase: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.sin(1.7 * i + phase));

function discreteCase(): { batch: PpoBatch; heads: PpoHeads } {
  return {
    batch: {
      actions: Int32Array.from({ length: R }, (_, i) => (i * 2) % A),
      oldLogProb: wave(R, 0.3).map((x) => -1.1 + 0.35 * x),
      advantages: wave(R, 1),
      oldValue: wave(R, 2),
      returns: wave(R, 3),
    },
    heads: {
      logits: denseRows(wave(R * A, 4), A),
      logStd: null,
      value: denseRows(wave(R, 5), 1),
      dLogits: denseRows(new Float32Array(R * A), A),
      dLogStd: null,
      dValue: denseRows(new Float32Array(R), 1),
    },
  };
}

function boxCase(): { batch: PpoBatch; heads: PpoHeads } {
  const { batch, heads } = discreteCase();
  const logStd = wave(A, 8).map((x) => 0.3 * x - 0.2);
  const actions = wave(R * A, 6);
  const oldLogProb = wave(R, 7).map(
    (x, r) => gaussianLogProb(actions, r * A, heads.logits.data, r * A, logStd, A) + 0.3 * x,
  );
  return { batch: { ...batch, actions, oldLogProb }, heads: { ...heads, logStd, dLogStd: new Float32Array(A) } };
}

/** The loss as a number, with float64 sums; means run over settings.totalRows. */
function lossOf({ batch, heads }: { batch: PpoBatch; heads: PpoHeads }, c: typeof settings): number {
  const sums = zeroSums();
  ppoLoss(batch, heads, R, A, c, sums);
  const mean = { ...sums };
  for (const key of Object.keys(mean) as (keyof typeof mean)[]) mean[key] /= c.totalRows;
  return totalLoss(mean, c);
}

/** Largest difference between `gradient` and central differences of the loss over `values`. */
function worstDifference(values: Float32Array, gradient: Float32Array, loss: () => number): number {
  const h = 1e-3;
  let worst = 0;
  for (let i = 0; i < values.length; i++) {
    const kept = values[i]!;
    values[i] = kept + h;
    const up = values[i]!;
    const high = loss();
    values[i] = kept - h;
    const low = loss();
    const numeric = (high - low) / (up - values[i]!);
    values[i] = kept;
    worst = Math.max(worst, Math.abs(numeric - gradient[i]!));
  }
  return worst;
}

for (const [name, makeCase] of [
  ["discrete", discreteCase],
  ["box", boxCase],
] as const)
  for (const valueClipRange of [null, 0.4]) {
    const c = { ...settings, valueClipRange };
    test(`${name}, value clip ${valueClipRange}: gradient agrees with central differences (2e-5)`, () => {
      const one = makeCase();
      ppoLoss(one.batch, one.heads, R, A, c, zeroSums());
      const dLogits = one.heads.dLogits.data.slice();
      const dValue = one.heads.dValue.data.slice();
      const dLogStd = one.heads.dLogStd?.slice();
      const loss = (): number => lossOf(one, c);
      expect(Math.max(...dLogits.map(Math.abs))).toBeGreaterThan(0.02);
      expect(Math.max(...dValue.map(Math.abs))).toBeGreaterThan(0.02);
      expect(worstDifference(one.heads.logits.data, dLogits, loss)).toBeLessThan(2e-5);
      expect(worstDifference(one.heads.value.data, dValue, loss)).toBeLessThan(2e-5);
      if (one.heads.logStd && dLogStd) expect(worstDifference(one.heads.logStd, dLogStd, loss)).toBeLessThan(2e-5);
    });
  }

test("one row by hand: ratio 2 with a good advantage is clipped at 1.2, so its gradient is zero", () => {
  const logProb = Math.log(0.5); // two equal logits
  const batch: PpoBatch = {
    actions: Int32Array.of(1),
    oldLogProb: Float32Array.of(logProb - Math.log(2)),
    advantages: Float32Array.of(3),
    oldValue: Float32Array.of(0),
    returns: Float32Array.of(2),
  };
  const heads: PpoHeads = {
    logits: { data: Float32Array.of(0, 0, 0, 0), stride: 4 },
    logStd: null,
    value: { data: Float32Array.of(5, 0, 0, 0), stride: 4 },
    dLogits: { data: new Float32Array(4), stride: 4 },
    dLogStd: null,
    dValue: { data: new Float32Array(4), stride: 4 },
  };
  const sums = zeroSums();
  ppoLoss(batch, heads, 1, 2, { ...settings, entropyCoef: 0, advantageMean: 0, advantageScale: 1, totalRows: 1 }, sums);
  expect(sums.policyLoss).toBeCloseTo(-3.6, 6);
  expect(sums.valueLoss).toBeCloseTo(9, 6);
  expect(sums.entropy).toBeCloseTo(Math.log(2), 6);
  expect(sums.approxKl).toBeCloseTo(2 - 1 - Math.log(2), 6);
  expect(sums.clipped).toBe(1);
  expect(Math.abs(heads.dLogits.data[0]!)).toBe(0);
  expect(heads.dValue.data[0]).toBeCloseTo(3, 6); // 2 · 0.5 · (5 - 2)
});
