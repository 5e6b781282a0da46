import * as tf from "@tensorflow/tfjs";

/**
 * |x| with slope sign(x), which is 0 at 0, as in PyTorch, TensorFlow and the WASM kernels.
 * TensorFlow.js' own `abs` has slope -1 at 0: it would move a w_tau that starts at 0, where the reference leaves it.
 */
export const magnitude = (x: tf.Tensor): tf.Tensor => slopeIsSign(x);

const slopeIsSign = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  (save as (tensors: tf.Tensor[]) => void)([input]);
  return { value: tf.abs(input), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, tf.sign(saved[0]!)) };
});
