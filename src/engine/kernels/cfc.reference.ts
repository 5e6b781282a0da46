/** Sizes of one gated layer over a sequence and what happens to it. */
export interface GatedSequence {
  readonly T: number;
  readonly B: number;
  /** inputs */
  readonly D: number;
  /** neurons */
  readonly H: number;
  /** [T, B] */
  readonly elapsed: Float64Array;
  /** [T, B], 1 where an episode starts */
  readonly episodeStart: Uint8Array;
  /** 1 = no_gate instead of default, 2 = keras flavour */
  readonly flags: number;
}

/** Parameters of one gated layer, masked already: weight [D + H, 4 H] (rows inputs then state, columns ff1 | ff2 | time_a | time_b), bias [4 H]. */
export interface GatedParameters {
  readonly weight: Float64Array;
  readonly bias: Float64Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * One gated CfC layer over a sequence, float64, the definition of `cfcForward` with its input product.
 *
 * next = f1 + s (f2 - keep f1), f1 = tanh(ff1), f2 = tanh(ff2), s = sigmoid(time_a dt + time_b); keep = 0 in no_gate.
 * Keras flavour: f1, f2 without tanh, minus time_a. Shapes: x [T*B, D], initial [B, H]; returns states [T*B, H].
 */
export function gatedForwardReference(
  { T, B, D, H, elapsed, episodeStart, flags }: GatedSequence,
  { weight, bias }: GatedParameters,
  x: Float64Array,
  initial: Float64Array,
): Float64Array {
  const states = new Float64Array(T * B * H);
  const head = flags & 2 ? (v: number) => v : Math.tanh;
  const sign = flags & 2 ? -1 : 1;
  const keep = flags & 1 ? 0 : 1;
  for (let row = 0; row < T * B; row++) {
    const before = (j: number): number => {
      if (episodeStart[row]) return 0;
      return row < B ? initial[row * H + j]! : states[(row - B) * H + j]!;
    };
    const z = (column: number): number => {
      let sum = bias[column]!;
      for (let i = 0; i < D; i++) sum += x[row * D + i]! * weight[i * 4 * H + column]!;
      for (let j = 0; j < H; j++) sum += before(j) * weight[(D + j) * 4 * H + column]!;
      return sum;
    };
    for (let j = 0; j < H; j++) {
      const [f1, f2] = [head(z(j)), head(z(H + j))];
      const s = sigmoid(sign * z(2 * H + j) * elapsed[row]! + z(3 * H + j));
      states[row * H + j] = f1 + s * (f2 - keep * f1);
    }
  }
  return states;
}
