/** Parameters of one PyTorch LSTM or GRU layer, torch layout: weights [gates * H, inputs], biases [gates * H]. */
export interface StackedParameters {
  readonly weightIh: Float64Array;
  readonly weightHh: Float64Array;
  readonly biasIh: Float64Array;
  readonly biasHh: Float64Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** weight [rows, x.length] · x + bias */
function linear(weight: Float64Array, bias: Float64Array, x: Float64Array): Float64Array {
  return bias.map((b, row) => x.reduce((sum, v, i) => sum + v * weight[row * x.length + i]!, b));
}

/** One step of torch.nn.LSTM for one sample, gates i | f | g | o; state and result are [h | c]. Float64. */
export function lstmReference(p: StackedParameters, x: Float64Array, state: Float64Array): Float64Array {
  const H = state.length / 2;
  const own = linear(p.weightIh, p.biasIh, x);
  const recurrent = linear(p.weightHh, p.biasHh, state.subarray(0, H));
  const gate = (index: number, j: number): number => own[index * H + j]! + recurrent[index * H + j]!;
  const next = new Float64Array(2 * H);
  for (let j = 0; j < H; j++) {
    const c = state[H + j]! * sigmoid(gate(1, j)) + Math.tanh(gate(2, j)) * sigmoid(gate(0, j));
    next[H + j] = c;
    next[j] = Math.tanh(c) * sigmoid(gate(3, j));
  }
  return next;
}

/** One step of torch.nn.GRU for one sample, gates r | z | n. Float64. */
export function gruReference(p: StackedParameters, x: Float64Array, state: Float64Array): Float64Array {
  const H = state.length;
  const own = linear(p.weightIh, p.biasIh, x);
  const recurrent = linear(p.weightHh, p.biasHh, state);
  return state.map((h, j) => {
    const r = sigmoid(own[j]! + recurrent[j]!);
    const z = sigmoid(own[H + j]! + recurrent[H + j]!);
    const n = Math.tanh(own[2 * H + j]! + r * recurrent[2 * H + j]!);
    return n + z * (h - n);
  });
}
