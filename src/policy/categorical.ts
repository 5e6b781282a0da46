/**
 * Log-probabilities of a categorical distribution: logits minus their log-sum-exp.
 *
 * Reads A logits from index `o` on; writes `logProbs` [A].
 */
export function categoricalLogProbs(logits: Float32Array, o: number, A: number, logProbs: Float64Array): void {
  let max = -Infinity;
  for (let a = 0; a < A; a++) if (logits[o + a]! > max) max = logits[o + a]!;
  let sum = 0;
  for (let a = 0; a < A; a++) sum += Math.exp(logits[o + a]! - max);
  const logSum = max + Math.log(sum);
  for (let a = 0; a < A; a++) logProbs[a] = logits[o + a]! - logSum;
}

/** Entropy in nats of the distribution with these log-probabilities [A]. */
export function categoricalEntropy(logProbs: Float64Array, A: number): number {
  let entropy = 0;
  for (let a = 0; a < A; a++) entropy -= Math.exp(logProbs[a]!) * logProbs[a]!;
  return entropy;
}

/** Index drawn by inversion from log-probabilities [A] with one `uniform` number in [0, 1). */
export function sampleCategorical(logProbs: Float64Array, A: number, uniform: number): number {
  let left = uniform;
  for (let a = 0; a < A - 1; a++) {
    left -= Math.exp(logProbs[a]!);
    if (left < 0) return a;
  }
  return A - 1;
}

/** Place of the largest of the A values from index `o` on; the first one of equals. */
export function argmax(values: Float32Array, o: number, A: number): number {
  let best = 0;
  for (let a = 1; a < A; a++) if (values[o + a]! > values[o + best]!) best = a;
  return best;
}
