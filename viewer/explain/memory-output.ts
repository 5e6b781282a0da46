import { memoryStep } from "../../src/ncp/equations/lstm-memory.ts";
import type { Weights } from "../../src/ncp/equations/weights.ts";
import type { CircuitStep, TensorOf } from "./pace.ts";

const PREFIX = "lstm.";
/** added to the forget gate, as in the reference */
const FORGET_BIAS = 1;

/** What a mixed memory says at a step, [H] by its own order of neurons. `order` are their ids, layer by layer. */
export function memoryOutput(tensor: TensorOf, order: readonly number[]): (step: CircuitStep) => Float64Array {
  const units = order.length;
  const names = ["input_map.weight", "input_map.bias", "recurrent_map.weight"].map((name) => PREFIX + name);
  const weights: Weights = Object.fromEntries(names.map((name) => [name, Float64Array.from(tensor(name))]));
  const inputSize = tensor(`${PREFIX}input_map.weight`).length / (4 * units);
  const options = { inputSize, units, forgetGateBias: FORGET_BIAS, prefix: PREFIX };
  const ordered = (state: Float32Array, from: number): Float64Array =>
    Float64Array.from(order, (id) => state[from + id] ?? 0);
  return ({ features, before }) => {
    const x = Float64Array.from({ length: inputSize }, (_, i) => features[i] ?? 0);
    return memoryStep(options, weights, {}, { x, h: ordered(before, 0), c: ordered(before, units) }).h;
  };
}
