/** Parameters of an LTC as the reference names them; matrices [source, neuron] row-major, N neurons, S sensors. */
export type LtcParameters = Readonly<
  Record<
    | "gleak"
    | "vleak"
    | "cm"
    | "w"
    | "sigma"
    | "mu"
    | "erev"
    | "sensory_w"
    | "sensory_sigma"
    | "sensory_mu"
    | "sensory_erev"
    | "input_w"
    | "input_b"
    | "output_w"
    | "output_b",
    Float64Array
  >
>;

/** Circuit and solver of an LTC. */
export interface LtcSettings {
  readonly adjacency: ArrayLike<number>;
  readonly sensoryAdjacency: ArrayLike<number>;
  readonly unfolds: number;
  readonly epsilon: number;
  readonly isImplicit: boolean;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * One time step of one sample, semi-implicit Euler: per unfold v <- (c v + g vleak + sum a erev) / (c + g + sum a + epsilon) with
 * a = w sigmoid(sigma (v_source - mu)) over drawn synapses and c = cm unfolds / elapsed. Returns all potentials. Float64.
 */
export function ltcReference(
  p: LtcParameters,
  s: LtcSettings,
  x: Float64Array,
  state: Float64Array,
  elapsed: number,
): Float64Array {
  const N = state.length;
  const positive = (v: number): number => (s.isImplicit ? Math.log1p(Math.exp(v)) : v);
  const inputs = x.map((v, i) => v * p.input_w[i]! + p.input_b[i]!);
  let v = state;
  for (let u = 0; u < s.unfolds; u++) {
    const before = v;
    v = before.map((_, j) => {
      const c = positive(p.cm[j]!) / (elapsed / s.unfolds);
      const leak = positive(p.gleak[j]!);
      let top = c * before[j]! + leak * p.vleak[j]!;
      let bottom = c + leak + s.epsilon;
      const add = (source: number, at: number, prefix: "" | "sensory_"): void => {
        const a = positive(p[`${prefix}w`][at]!) * sigmoid(p[`${prefix}sigma`][at]! * (source - p[`${prefix}mu`][at]!));
        top += a * p[`${prefix}erev`][at]!;
        bottom += a;
      };
      for (let i = 0; i < N; i++) if (s.adjacency[i * N + j] !== 0) add(before[i]!, i * N + j, "");
      for (let i = 0; i < x.length; i++)
        if (s.sensoryAdjacency[i * N + j] !== 0) add(inputs[i]!, i * N + j, "sensory_");
      return top / bottom;
    });
  }
  return v;
}
