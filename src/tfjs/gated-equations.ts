import * as tf from "@tensorflow/tfjs";
import type { CellEquations, ReadWeight, StepInput, WeightSpec } from "./equations.ts";

/**
 * Equations of torch.nn.LSTM (one layer) for D inputs, the usual baseline. The one state tensor is [h | c]; elapsed time is not used.
 *
 * c' = c·sigmoid(f) + tanh(g)·sigmoid(i); h' = tanh(c')·sigmoid(o), gates stacked as i, f, g, o.
 */
export function lstmEquations(inputDim: number, units: number): CellEquations {
  return {
    weights: stackedSpecs("lstm.", inputDim, units, 4),
    stateSize: [2 * units],
    outputSize: units,
    step({ x, states }, read) {
      const [h, c] = tf.split(states[0]!, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      const z = tf.add(side("lstm.", "ih", x, read), side("lstm.", "hh", h, read));
      const [i, f, g, o] = tf.split(z, 4, 1);
      const cell = tf.add(tf.mul(c, tf.sigmoid(f!)), tf.mul(tf.tanh(g!), tf.sigmoid(i!))) as tf.Tensor2D;
      const output = tf.mul(tf.tanh(cell), tf.sigmoid(o!)) as tf.Tensor2D;
      return { output, states: [tf.concat([output, cell], 1)] };
    },
  };
}

/**
 * Equations of torch.nn.GRU (one layer) for D inputs. Elapsed time is not used.
 *
 * h' = (1 - z)·n + z·h with n = tanh(Wn·x + bn + r·(Un·h + cn)), gates stacked as r, z, n.
 */
export function gruEquations(inputDim: number, units: number): CellEquations {
  return {
    weights: stackedSpecs("gru.", inputDim, units, 3),
    stateSize: [units],
    outputSize: units,
    step({ x, states }: StepInput, read) {
      const h = states[0]!;
      const [rx, zx, nx] = tf.split(side("gru.", "ih", x, read), 3, 1);
      const [rh, zh, nh] = tf.split(side("gru.", "hh", h, read), 3, 1);
      const reset = tf.sigmoid(tf.add(rx!, rh!));
      const keep = tf.sigmoid(tf.add(zx!, zh!));
      const candidate = tf.tanh(tf.add(nx!, tf.mul(reset, nh!)));
      const next = tf.add(tf.mul(tf.sub(1, keep), candidate), tf.mul(keep, h)) as tf.Tensor2D;
      return { output: next, states: [next] };
    },
  };
}

const side = (prefix: string, which: "ih" | "hh", x: tf.Tensor2D, read: ReadWeight): tf.Tensor2D =>
  tf.add(
    tf.matMul(x, read(`${prefix}weight_${which}_l0`) as tf.Tensor2D),
    read(`${prefix}bias_${which}_l0`),
  ) as tf.Tensor2D;

/** U(±1/sqrt(units)), as PyTorch. */
function stackedSpecs(prefix: string, inputDim: number, units: number, numGates: number): WeightSpec[] {
  const bound = 1 / Math.sqrt(units);
  const initializer = tf.initializers.randomUniform({ minval: -bound, maxval: bound });
  const width = numGates * units;
  const kernel = (which: string, rows: number): WeightSpec => ({
    name: `${prefix}weight_${which}_l0`,
    shape: [rows, width],
    initializer,
    isKernel: true,
  });
  const bias = (which: string): WeightSpec => ({
    name: `${prefix}bias_${which}_l0`,
    shape: [width],
    initializer,
    isKernel: false,
  });
  return [kernel("ih", inputDim), kernel("hh", units), bias("ih"), bias("hh")];
}
