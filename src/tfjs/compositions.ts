import * as tf from "@tensorflow/tfjs";
import { type CellEquations, type WeightSpec, prefixed, withPrefix } from "./equations.ts";
import type { Flavour } from "./options.ts";

/**
 * A cell with an LSTM memory beside it. z = W·x + b + R·h, split into [cell input, input gate, forget gate, output gate];
 * c' = c·sigmoid(f + 1) + tanh(i)·sigmoid(ig); m = tanh(c')·sigmoid(og).
 *
 * torch: m replaces the cell's state and the cell still sees x; states are [h, c]. keras: m is the cell's input, x reaches only the
 * LSTM; states are [c, h]. `make(D)` gives the cell for D inputs.
 */
export function withMixedMemory(
  make: (inputDim: number) => CellEquations,
  units: number,
  inputDim: number,
  flavour: Flavour,
): CellEquations {
  const cell = make(flavour === "torch" ? inputDim : units);
  const [hIndex, cIndex] = flavour === "torch" ? [0, 1] : [1, 0];
  return {
    weights: [...lstmSpecs(inputDim, units, flavour), ...prefixed("rnn_cell.", cell.weights)],
    stateSize: [units, units],
    outputSize: cell.outputSize,
    step({ x, states, dt, dropout }, read) {
      const h = states[hIndex]!;
      const input = tf.add(tf.matMul(x, read("lstm.input_map.weight") as tf.Tensor2D), read("lstm.input_map.bias"));
      const z = tf.add(input, tf.matMul(h, read("lstm.recurrent_map.weight") as tf.Tensor2D)) as tf.Tensor2D;
      const [candidate, inputGate, forgetGate, outputGate] = tf.split(z, 4, 1);
      const kept = tf.mul(states[cIndex]!, tf.sigmoid(tf.add(forgetGate!, 1)));
      const c = tf.add(kept, tf.mul(tf.tanh(candidate!), tf.sigmoid(inputGate!))) as tf.Tensor2D;
      const memory = tf.mul(tf.tanh(c), tf.sigmoid(outputGate!)) as tf.Tensor2D;
      const inner = flavour === "torch" ? { x, states: [memory] } : { x: memory, states: [h] };
      const { output, states: next } = cell.step({ ...inner, dt, dropout }, withPrefix("rnn_cell.", read));
      return { output, states: flavour === "torch" ? [next[0]!, c] : [c, next[0]!] };
    },
  };
}

function lstmSpecs(inputDim: number, units: number, flavour: Flavour): WeightSpec[] {
  const bias =
    flavour === "torch" ? tf.initializers.randomUniform({ minval: -0.1, maxval: 0.1 }) : tf.initializers.zeros();
  return [
    {
      name: "lstm.input_map.weight",
      shape: [inputDim, 4 * units],
      initializer: tf.initializers.glorotUniform({}),
      isKernel: true,
    },
    {
      name: "lstm.recurrent_map.weight",
      shape: [units, 4 * units],
      initializer: tf.initializers.orthogonal({}),
      isKernel: true,
    },
    { name: "lstm.input_map.bias", shape: [4 * units], initializer: bias, isKernel: false },
  ];
}

/** A cell whose output goes through a learned dense map of `size`; its state stays as it is. */
export function withProjection(cell: CellEquations, size: number): CellEquations {
  const bound = 1 / Math.sqrt(cell.outputSize);
  const uniform = tf.initializers.randomUniform({ minval: -bound, maxval: bound });
  return {
    ...cell,
    weights: [
      ...cell.weights,
      { name: "fc.weight", shape: [cell.outputSize, size], initializer: uniform, isKernel: true },
      { name: "fc.bias", shape: [size], initializer: uniform, isKernel: false },
    ],
    outputSize: size,
    step(input, read) {
      const { output, states } = cell.step(input, read);
      return { output: tf.add(tf.matMul(output, read("fc.weight") as tf.Tensor2D), read("fc.bias")), states };
    },
  };
}
