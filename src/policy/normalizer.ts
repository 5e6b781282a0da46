const CLIP = 10;
const EPSILON = 1e-8;

/**
 * Scales observations to mean 0 and deviation 1 per column, clipped to ±10: part of the policy, saved with it. Its numbers are fixed while
 * it is used; a learner replaces them between rollouts.
 */
export class Normalizer {
  /** [D] */
  readonly mean: Float32Array;
  /** [D] */
  readonly variance: Float32Array;
  readonly #scale: Float32Array;

  constructor(D: number) {
    this.mean = new Float32Array(D);
    this.variance = new Float32Array(D).fill(1);
    this.#scale = new Float32Array(D).fill(1);
  }

  /** Call after changing `mean` or `variance`. */
  prepare(): void {
    for (let d = 0; d < this.#scale.length; d++) this.#scale[d] = 1 / Math.sqrt(this.variance[d]! + EPSILON);
  }

  /** out[o + d] <- clip((source[s + d] - mean[d]) / std[d]) for all columns d. */
  apply(source: ArrayLike<number>, s: number, out: Float32Array, o: number): void {
    for (let d = 0; d < this.#scale.length; d++) {
      const z = (source[s + d]! - this.mean[d]!) * this.#scale[d]!;
      out[o + d] = z < -CLIP ? -CLIP : z > CLIP ? CLIP : z;
    }
  }
}
