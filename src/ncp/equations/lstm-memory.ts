import { sigmoid } from "./activation.ts";
import { linear, linearBackward } from "./linear.ts";
import type { Weights } from "./weights.ts";

/** The memory cell in front of a CfC or LTC with mixed memory; H is all of the cell's units. */
export interface MemoryOptions {
  /** numbers read per step */
  readonly inputSize: number;
  /** neurons of the cell and of the memory (H) */
  readonly units: number;
  /** added to the forget gate; 1 in the reference */
  readonly forgetGateBias: number;
  /** start of the parameter names, such as "lstm." */
  readonly prefix: string;
}

/** New hidden state and memory, each [B, H], and the backward pass. */
export interface MemoryStep {
  readonly h: Float64Array;
  readonly c: Float64Array;
  /** Takes gradients of h and c; adds weight gradients. */
  backward(dH: Float64Array, dC: Float64Array): { dInput: Float64Array; dH: Float64Array; dC: Float64Array };
}

/**
 * One LSTM step: z = W_in x + b + W_rec h in blocks [cell input i, input gate, forget gate, output gate];
 * c' = c sigmoid(forget + forgetGateBias) + tanh(i) sigmoid(input); h' = tanh(c') sigmoid(output).
 *
 * Shapes: x [B, inputSize], h and c [B, H]. Source: Hochreiter and Schmidhuber 1997; Lechner and Hasani 2020
 * (arXiv:2006.04418) for its use as memory of a continuous-time cell.
 */
export function memoryStep(
  { inputSize, units: H, forgetGateBias, prefix }: MemoryOptions,
  weights: Weights,
  grads: Weights,
  { x, h, c }: { readonly x: Float64Array; readonly h: Float64Array; readonly c: Float64Array },
): MemoryStep {
  const B = c.length / H;
  const inSize = { B, I: inputSize, O: 4 * H };
  const recSize = { B, I: H, O: 4 * H };
  const [inName, recName, bName] = [
    `${prefix}input_map.weight`,
    `${prefix}recurrent_map.weight`,
    `${prefix}input_map.bias`,
  ];
  const z = linear(x, weights[inName]!, weights[bName]!, inSize);
  linear(h, weights[recName]!, null, recSize).forEach((value, k) => (z[k]! += value));
  const block = (k: number, which: number): number => z[Math.floor(k / H) * 4 * H + which * H + (k % H)]!;
  const candidate = c.map((_, k) => Math.tanh(block(k, 0)));
  const input = c.map((_, k) => sigmoid(block(k, 1)));
  const forget = c.map((_, k) => sigmoid(block(k, 2) + forgetGateBias));
  const output = c.map((_, k) => sigmoid(block(k, 3)));
  const cNext = c.map((value, k) => value * forget[k]! + candidate[k]! * input[k]!);
  const squashed = cNext.map(Math.tanh);
  const hNext = squashed.map((value, k) => value * output[k]!);

  const backward = (
    dHNext: Float64Array,
    dCNext: Float64Array,
  ): { dInput: Float64Array; dH: Float64Array; dC: Float64Array } => {
    const dz = new Float64Array(z.length);
    // h' = tanh(c') output
    const dC = dCNext.map((d, k) => d + dHNext[k]! * output[k]! * (1 - squashed[k]! ** 2));
    dC.forEach((d, k) => {
      const at = Math.floor(k / H) * 4 * H + (k % H);
      // c' = c forget + candidate input
      dz[at] = d * input[k]! * (1 - candidate[k]! ** 2);
      dz[at + H] = d * candidate[k]! * input[k]! * (1 - input[k]!);
      dz[at + 2 * H] = d * c[k]! * forget[k]! * (1 - forget[k]!);
      dz[at + 3 * H] = dHNext[k]! * squashed[k]! * output[k]! * (1 - output[k]!);
    });
    const dx = new Float64Array(x.length);
    const dH = new Float64Array(h.length);
    linearBackward(dz, { x, w: weights[inName]! }, { dx, dw: grads[inName]!, db: grads[bName]! }, inSize);
    linearBackward(dz, { x: h, w: weights[recName]! }, { dx: dH, dw: grads[recName]!, db: null }, recSize);
    return { dInput: dx, dH, dC: dC.map((d, k) => d * forget[k]!) };
  };
  return { h: hNext, c: cNext, backward };
}
