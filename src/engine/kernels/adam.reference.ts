/** Settings and counters of one Adam step. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** number of this step, from 1 */
  readonly step: number;
}

/** One step of Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay, float64. Mutates w, m, v. */
export function adamReference(w: Float64Array, g: Float64Array, m: Float64Array, v: Float64Array, o: AdamStep): void {
  for (let i = 0; i < w.length; i++) {
    m[i] = o.beta1 * m[i]! + (1 - o.beta1) * g[i]!;
    v[i] = o.beta2 * v[i]! + (1 - o.beta2) * g[i]! ** 2;
    const mean = m[i]! / (1 - o.beta1 ** o.step);
    const root = Math.sqrt(v[i]! / (1 - o.beta2 ** o.step)) + o.epsilon;
    w[i] = w[i]! * (1 - o.learningRate * o.weightDecay) - (o.learningRate * mean) / root;
  }
}
