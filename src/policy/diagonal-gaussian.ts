const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Log-density of row `row` of action [R, A] under independent normals with means [R, A] and log deviations [A]. */
export function gaussianLogProb(
  action: Float32Array,
  mean: Float32Array,
  logStd: Float32Array,
  row: number,
  A: number,
): number {
  let logProb = 0;
  for (let a = 0; a < A; a++) {
    const z = (action[row * A + a]! - mean[row * A + a]!) * Math.exp(-logStd[a]!);
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

/** One draw from the standard normal out of two draws from `uniform` in [0, 1) (Box-Muller, cosine branch). */
export function standardNormal(uniform: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform())); // 1 - u lies in (0, 1]
  return radius * Math.cos(2 * Math.PI * uniform());
}

/** Draws row `row` of action [R, A] from independent normals; float32, so that its log-density is that of the stored numbers. */
export function sampleGaussian(
  action: Float32Array,
  mean: Float32Array,
  logStd: Float32Array,
  row: number,
  A: number,
  uniform: () => number,
): void {
  for (let a = 0; a < A; a++) action[row * A + a] = mean[row * A + a]! + Math.exp(logStd[a]!) * standardNormal(uniform);
}
