import { sigmoid } from "./activation.ts";
import type { Cell, StepInput, Step } from "./cell.ts";
import { concatRows, linear, linearBackward, sliceColumns } from "./linear.ts";
import { type ParameterSpec, type Weights, torchLinearUniform } from "./weights.ts";

/** Parameters of torch's LSTM and GRU: one layer, `gates` blocks of H rows. */
function gatedParameters(inputSize: number, H: number, gates: number): ParameterSpec[] {
  const init = torchLinearUniform(H);
  return [
    { name: "weight_ih_l0", shape: [gates * H, inputSize], init },
    { name: "weight_hh_l0", shape: [gates * H, H], init },
    { name: "bias_ih_l0", shape: [gates * H], init },
    { name: "bias_hh_l0", shape: [gates * H], init },
  ];
}

/**
 * LSTM as torch's `nn.LSTMCell`: z = W_ih x + b_ih + W_hh h + b_hh in blocks [i, f, g, o];
 * c' = sigmoid(f) c + sigmoid(i) tanh(g); h' = sigmoid(o) tanh(c'). The state is [h | c]; elapsed time is not used.
 */
export function lstmCell(inputSize: number, H: number): Cell {
  return {
    inputSize,
    stateSize: 2 * H,
    outputSize: H,
    parameters: gatedParameters(inputSize, H, 4),
    prepare: (weights, grads) => ({ step: (input) => lstmStep(inputSize, H, weights, grads, input), finish: () => {} }),
  };
}

function lstmStep(I: number, H: number, weights: Weights, grads: Weights, { input: x, state, B }: StepInput): Step {
  const h = sliceColumns(state, B, 0, H);
  const c = sliceColumns(state, B, H, H);
  const [inSize, recSize] = [
    { B, I, O: 4 * H },
    { B, I: H, O: 4 * H },
  ];
  const z = linear(x, weights["weight_ih_l0"]!, weights["bias_ih_l0"]!, inSize);
  linear(h, weights["weight_hh_l0"]!, weights["bias_hh_l0"]!, recSize).forEach((value, k) => (z[k]! += value));
  const at = (k: number, block: number): number => Math.floor(k / H) * 4 * H + block * H + (k % H);
  const i = c.map((_, k) => sigmoid(z[at(k, 0)]!));
  const f = c.map((_, k) => sigmoid(z[at(k, 1)]!));
  const g = c.map((_, k) => Math.tanh(z[at(k, 2)]!));
  const o = c.map((_, k) => sigmoid(z[at(k, 3)]!));
  const cNext = c.map((value, k) => f[k]! * value + i[k]! * g[k]!);
  const squashed = cNext.map(Math.tanh);
  const hNext = squashed.map((value, k) => o[k]! * value);

  const backward: Step["backward"] = (dOutput, dState) => {
    const dz = new Float64Array(z.length);
    const dHNext = sliceColumns(dState, B, 0, H).map((d, k) => d + dOutput[k]!);
    // h' = o tanh(c')
    const dC = sliceColumns(dState, B, H, H).map((d, k) => d + dHNext[k]! * o[k]! * (1 - squashed[k]! ** 2));
    dC.forEach((d, k) => {
      // c' = f c + i g
      dz[at(k, 0)] = d * g[k]! * i[k]! * (1 - i[k]!);
      dz[at(k, 1)] = d * c[k]! * f[k]! * (1 - f[k]!);
      dz[at(k, 2)] = d * i[k]! * (1 - g[k]! ** 2);
      dz[at(k, 3)] = dHNext[k]! * squashed[k]! * o[k]! * (1 - o[k]!);
    });
    const dInput = new Float64Array(x.length);
    const dH = new Float64Array(h.length);
    const [ih, hh] = [weights["weight_ih_l0"]!, weights["weight_hh_l0"]!];
    linearBackward(dz, { x, w: ih }, { dx: dInput, dw: grads["weight_ih_l0"]!, db: grads["bias_ih_l0"]! }, inSize);
    linearBackward(dz, { x: h, w: hh }, { dx: dH, dw: grads["weight_hh_l0"]!, db: grads["bias_hh_l0"]! }, recSize);
    return {
      dInput,
      dState: concatRows(
        dH,
        dC.map((d, k) => d * f[k]!),
        B,
      ),
      dElapsed: new Float64Array(B),
    };
  };
  return { output: hNext, state: concatRows(hNext, cNext, B), backward };
}

/**
 * GRU as torch's `nn.GRUCell`, blocks [r, z, n]: r = sigmoid(W_ir x + b_ir + W_hr h + b_hr), z likewise,
 * n = tanh(W_in x + b_in + r (W_hn h + b_hn)), h' = (1 - z) n + z h. Elapsed time is not used.
 */
export function gruCell(inputSize: number, H: number): Cell {
  return {
    inputSize,
    stateSize: H,
    outputSize: H,
    parameters: gatedParameters(inputSize, H, 3),
    prepare: (weights, grads) => ({ step: (input) => gruStep(inputSize, H, weights, grads, input), finish: () => {} }),
  };
}

function gruStep(I: number, H: number, weights: Weights, grads: Weights, { input: x, state: h, B }: StepInput): Step {
  const [inSize, recSize] = [
    { B, I, O: 3 * H },
    { B, I: H, O: 3 * H },
  ];
  const fromInput = linear(x, weights["weight_ih_l0"]!, weights["bias_ih_l0"]!, inSize);
  const fromState = linear(h, weights["weight_hh_l0"]!, weights["bias_hh_l0"]!, recSize);
  const at = (k: number, block: number): number => Math.floor(k / H) * 3 * H + block * H + (k % H);
  const r = h.map((_, k) => sigmoid(fromInput[at(k, 0)]! + fromState[at(k, 0)]!));
  const z = h.map((_, k) => sigmoid(fromInput[at(k, 1)]! + fromState[at(k, 1)]!));
  const n = h.map((_, k) => Math.tanh(fromInput[at(k, 2)]! + r[k]! * fromState[at(k, 2)]!));
  const next = h.map((value, k) => (1 - z[k]!) * n[k]! + z[k]! * value);

  const backward: Step["backward"] = (dOutput, dState) => {
    const dFromInput = new Float64Array(fromInput.length);
    const dFromState = new Float64Array(fromState.length);
    const dNext = dState.map((d, k) => d + dOutput[k]!);
    dNext.forEach((d, k) => {
      // h' = (1 - z) n + z h
      const dN = d * (1 - z[k]!) * (1 - n[k]! ** 2);
      const dZ = d * (h[k]! - n[k]!) * z[k]! * (1 - z[k]!);
      // n = tanh(input + r state)
      const dR = dN * fromState[at(k, 2)]! * r[k]! * (1 - r[k]!);
      [dR, dZ, dN].forEach((value, block) => (dFromInput[at(k, block)] = value));
      [dR, dZ, dN * r[k]!].forEach((value, block) => (dFromState[at(k, block)] = value));
    });
    const dInput = new Float64Array(x.length);
    const dH = dNext.map((d, k) => d * z[k]!);
    const [ih, hh] = [weights["weight_ih_l0"]!, weights["weight_hh_l0"]!];
    linearBackward(
      dFromInput,
      { x, w: ih },
      { dx: dInput, dw: grads["weight_ih_l0"]!, db: grads["bias_ih_l0"]! },
      inSize,
    );
    linearBackward(
      dFromState,
      { x: h, w: hh },
      { dx: dH, dw: grads["weight_hh_l0"]!, db: grads["bias_hh_l0"]! },
      recSize,
    );
    return { dInput, dState: dH, dElapsed: new Float64Array(B) };
  };
  return { output: next, state: next, backward };
}
