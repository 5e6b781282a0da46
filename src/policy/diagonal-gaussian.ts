const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Log-density of A action values from `actionO` on, under independent normals: means from `meanO` on, log deviations [A]. */
export function gaussianLogProb(
  action: Float32Array,
  actionO: number,
  mean: Float32Array,
  meanO: number,
  logStd: Float32Array,
  A: number,
): number {
  let logProb = 0;
  for (let a = 0; a < A; a++) {
    const z = (action[actionO + a]! - mean[meanO + a]!) * Math.exp(-logStd[a]!);
    logProb -= 0.5 * z * z + logStd[a]! + halfLogTwoPi;
  }
  return logProb;
}

/** Entropy in nats; depends on the log deviations [A] alone. */
export function gaussianEntropy(logStd: Float32Array, A: number): number {
  let entropy = 0;
  for (let a = 0; a < A; a++) entropy += logStd[a]! + halfLogTwoPi + 0.5;
  return entropy;
}

/** One draw from the standard normal out of two draws of `uniform` in [0, 1) (Box-Muller, cosine branch). */
export function standardNormal(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform())); // 1 - u lies in (0, 1]
  return radius * Math.cos(2 * Math.PI * uniform());
}
