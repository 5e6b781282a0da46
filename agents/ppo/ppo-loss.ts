import { categoricalEntropy, categoricalLogProbs } from "../../src/policy/categorical.ts";
import type { Rows } from "../../src/policy/rows.ts";
import { gaussianEntropy, gaussianLogProb } from "../../src/policy/diagonal-gaussian.ts";

/** One shard's part of a minibatch: R rows (steps of env columns), A logits or action dimensions. */
export interface PpoBatch {
  /** Discrete: [R] indices. Box: [R, A] the unclipped draws. */
  readonly actions: Int32Array | Float32Array;
  /** [R] log-probability when the action was taken */
  readonly oldLogProb: Float32Array;
  /** [R] raw advantages */
  readonly advantages: Float32Array;
  /** [R] value when the action was taken */
  readonly oldValue: Float32Array;
  /** [R] targets of the critic */
  readonly returns: Float32Array;
}

/** What the network says about the batch, and where its gradient goes. */
export interface PpoHeads {
  /** [R, A] logits (Discrete) or means (Box) */
  readonly logits: Rows;
  /** [A] log standard deviations; null for Discrete */
  readonly logStd: Float32Array | null;
  /** [R, 1] */
  readonly value: Rows;
  /** [R, A] */
  readonly dLogits: Rows;
  /** [A], added to; null for Discrete */
  readonly dLogStd: Float32Array | null;
  /** [R, 1] */
  readonly dValue: Rows;
}

/** Numbers that hold for one whole minibatch. */
export interface PpoLossSettings {
  readonly clipRange: number;
  /** null: the value loss is not clipped */
  readonly valueClipRange: number | null;
  readonly valueCoef: number;
  readonly entropyCoef: number;
  /** advantages are used as (a - advantageMean) * advantageScale */
  readonly advantageMean: number;
  readonly advantageScale: number;
  /** rows of the whole minibatch, all shards together: what means are taken over */
  readonly totalRows: number;
}

/** Sums over rows, in float64; divided by the minibatch's rows they are the metrics of the same names. */
export interface PpoSums {
  policyLoss: number;
  valueLoss: number;
  entropy: number;
  /** k3 estimate: ratio - 1 - log ratio */
  approxKl: number;
  /** rows whose ratio left the clip range */
  clipped: number;
}

/** Fresh sums. */
export const zeroSums = (): PpoSums => ({ policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipped: 0 });

/** Loss of a minibatch from its mean sums: policy + valueCoef · value - entropyCoef · entropy. */
export const totalLoss = (mean: PpoSums, c: { valueCoef: number; entropyCoef: number }): number =>
  mean.policyLoss + c.valueCoef * mean.valueLoss - c.entropyCoef * mean.entropy;

/**
 * Clipped-surrogate PPO loss of R rows and its gradient with respect to logits (means, log deviations) and values.
 *
 * loss = mean(max(-A·ratio, -A·clip(ratio))) + valueCoef · mean((v - return)²) - entropyCoef · mean(entropy), where the squared error
 * takes the larger of clipped and unclipped when `valueClipRange` is set. Means run over `totalRows`.
 * Source: Schulman et al. 2017, arXiv:1707.06347; k3: Schulman 2020, "Approximating KL divergence".
 * Overwrites dLogits and dValue, adds to dLogStd and to `sums`. This is the definition in float64; training computes it by `KernelPpoLoss`.
 */
export function ppoLoss(
  batch: PpoBatch,
  heads: PpoHeads,
  R: number,
  A: number,
  c: PpoLossSettings,
  sums: PpoSums,
): void {
  valueLoss(batch, heads, R, c, sums);
  if (heads.logStd === null) categoricalLoss(batch, heads, R, A, c, sums);
  else gaussianLoss(batch, heads, R, A, c, sums);
}

/** Surrogate of one row: adds to `sums`, returns the loss's derivative with respect to the new log-probability. */
function surrogate(batch: PpoBatch, row: number, logProb: number, c: PpoLossSettings, sums: PpoSums): number {
  const logRatio = logProb - batch.oldLogProb[row]!;
  const ratio = Math.exp(logRatio);
  const advantage = (batch.advantages[row]! - c.advantageMean) * c.advantageScale;
  const low = 1 - c.clipRange;
  const high = 1 + c.clipRange;
  const clippedRatio = ratio < low ? low : ratio > high ? high : ratio;
  const plain = -advantage * ratio;
  const clipped = -advantage * clippedRatio;
  sums.policyLoss += Math.max(plain, clipped);
  sums.approxKl += ratio - 1 - logRatio;
  if (clippedRatio !== ratio) sums.clipped++;
  return plain >= clipped ? plain / c.totalRows : 0; // d ratio / d logProb = ratio; the clipped branch is flat
}

let logProbs = new Float64Array(8);

function categoricalLoss(
  batch: PpoBatch,
  heads: PpoHeads,
  R: number,
  A: number,
  c: PpoLossSettings,
  sums: PpoSums,
): void {
  if (logProbs.length < A) logProbs = new Float64Array(A);
  const { data: logits, stride } = heads.logits;
  const { data: dLogits, stride: dStride } = heads.dLogits;
  const entropyWeight = c.entropyCoef / c.totalRows;
  for (let r = 0; r < R; r++) {
    categoricalLogProbs(logits, r * stride, A, logProbs);
    const action = batch.actions[r]!;
    const entropy = categoricalEntropy(logProbs, A);
    sums.entropy += entropy;
    const dLogProb = surrogate(batch, r, logProbs[action]!, c, sums);
    const o = r * dStride;
    for (let a = 0; a < A; a++) {
      const p = Math.exp(logProbs[a]!);
      // d logProb(action) / d logit_a = [a = action] - p_a;  d entropy / d logit_a = -p_a (log p_a + entropy)
      dLogits[o + a] = -dLogProb * p + entropyWeight * p * (logProbs[a]! + entropy);
    }
    dLogits[o + action] = dLogits[o + action]! + dLogProb;
  }
}

function gaussianLoss(batch: PpoBatch, heads: PpoHeads, R: number, A: number, c: PpoLossSettings, sums: PpoSums): void {
  const actions = batch.actions as Float32Array; // Box actions are floats
  const logStd = heads.logStd!;
  const dLogStd = heads.dLogStd!;
  const { data: mean, stride } = heads.logits;
  const { data: dMean, stride: dStride } = heads.dLogits;
  const entropy = gaussianEntropy(logStd, A);
  for (let r = 0; r < R; r++) {
    sums.entropy += entropy;
    const dLogProb = surrogate(batch, r, gaussianLogProb(actions, r * A, mean, r * stride, logStd, A), c, sums);
    for (let a = 0; a < A; a++) {
      const inverseStd = Math.exp(-logStd[a]!);
      const z = (actions[r * A + a]! - mean[r * stride + a]!) * inverseStd;
      // d logProb / d mean = z / std;  d logProb / d logStd = z² - 1;  d entropy / d logStd = 1
      dMean[r * dStride + a] = dLogProb * z * inverseStd;
      dLogStd[a] = dLogStd[a]! + dLogProb * (z * z - 1) - c.entropyCoef / c.totalRows;
    }
  }
}

function valueLoss(batch: PpoBatch, heads: PpoHeads, R: number, c: PpoLossSettings, sums: PpoSums): void {
  const weight = (2 * c.valueCoef) / c.totalRows;
  const range = c.valueClipRange ?? Infinity;
  const { data: value, stride } = heads.value;
  const { data: dValue, stride: dStride } = heads.dValue;
  for (let r = 0; r < R; r++) {
    const error = value[r * stride]! - batch.returns[r]!;
    const change = value[r * stride]! - batch.oldValue[r]!;
    const clippedChange = change < -range ? -range : change > range ? range : change;
    const clippedError = batch.oldValue[r]! + clippedChange - batch.returns[r]!;
    const isPlain = clippedChange === change || error * error >= clippedError * clippedError;
    sums.valueLoss += isPlain ? error * error : clippedError * clippedError;
    dValue[r * dStride] = isPlain ? weight * error : 0;
  }
}
