/** log softmax of one row, float64. */
export function logSoftmaxReference(logits: readonly number[]): number[] {
  const m = Math.max(...logits);
  const norm = m + Math.log(logits.reduce((sum, l) => sum + Math.exp(l - m), 0));
  return logits.map((l) => l - norm);
}

/** Entropy of a categorical distribution from its log-probabilities. */
export const entropyReference = (logProbs: readonly number[]): number =>
  -logProbs.reduce((sum, l) => sum + Math.exp(l) * l, 0);

/** Log-density of a diagonal Gaussian. */
export const gaussianLogProbReference = (
  action: readonly number[],
  mean: readonly number[],
  logStd: readonly number[],
): number =>
  action.reduce(
    (sum, a, j) => sum - 0.5 * ((a - mean[j]!) / Math.exp(logStd[j]!)) ** 2 - logStd[j]! - 0.5 * Math.log(2 * Math.PI),
    0,
  );

/** -min(ratio A, clip(ratio, 1 - c, 1 + c) A). */
export function clippedPolicyLossReference(
  logProb: number,
  oldLogProb: number,
  advantage: number,
  clipRange: number,
): number {
  const ratio = Math.exp(logProb - oldLogProb);
  return -Math.min(ratio * advantage, Math.min(Math.max(ratio, 1 - clipRange), 1 + clipRange) * advantage);
}

/** 0.5 (v - R)², or with a clip range the larger of it and that of the clipped value. */
export function valueLossReference(value: number, target: number, old: number, clipRange: number): number {
  const plain = 0.5 * (value - target) ** 2;
  if (clipRange <= 0) return plain;
  const clipped = old + Math.min(Math.max(value - old, -clipRange), clipRange);
  return Math.max(plain, 0.5 * (clipped - target) ** 2);
}
