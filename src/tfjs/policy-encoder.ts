import * as tf from "@tensorflow/tfjs";
import type { ImageSource } from "../engine/index.ts";
import type { EncoderSpec } from "../policy/policy-config.ts";

/** Gives a weight of a policy file, PyTorch's layout. */
export type ReadParameter = (name: string) => tf.Tensor;

type ConvEncoderSpec = Extract<EncoderSpec, { kind: "conv" }>;

/** Dense layers `${name}.0`, `${name}.1`, … of x [rows, in]; no activation on the last. */
export function mlpForward(
  name: string,
  x: tf.Tensor,
  numLayers: number,
  activation: "tanh" | "relu",
  read: ReadParameter,
): tf.Tensor {
  let y = x;
  for (let layer = 0; layer < numLayers; layer++) {
    y = linear(`${name}.${layer}`, y, read);
    if (layer < numLayers - 1) y = activation === "tanh" ? tf.tanh(y) : tf.relu(y);
  }
  return y;
}

/** x · transpose(weight) + bias. */
export const linear = (name: string, x: tf.Tensor, read: ReadParameter): tf.Tensor =>
  tf.add(tf.matMul(x as tf.Tensor2D, read(`${name}.weight`) as tf.Tensor2D, false, true), read(`${name}.bias`));

/** Features [rows, ·] of images [rows, H, W, C]: convolutions with ReLU, then the head. */
export function convForward(images: tf.Tensor4D, spec: ConvEncoderSpec, read: ReadParameter): tf.Tensor {
  let maps = images;
  spec.convs.forEach(({ stride }, i) => {
    const filter = tf.transpose(read(`encoder.conv.${i}.weight`), [2, 3, 1, 0]) as tf.Tensor4D; // [F, C, K, K] to [K, K, C, F]
    maps = tf.relu(tf.add(tf.conv2d(maps, filter, stride, spec.padding), read(`encoder.conv.${i}.bias`)));
  });
  const [rows, height, width, filters] = maps.shape;
  if (spec.head.kind === "dense") {
    const flat = tf.reshape(tf.transpose(maps, [0, 3, 1, 2]), [rows, filters * height * width]);
    return tf.relu(linear("encoder.head", flat, read));
  }
  return perFilter(tf.reshape(maps, [rows, height * width, filters]), read);
}

/** Every filter's own dense layer: weight [filters, outputs, pixels], bias [filters, outputs]; output o * filters + c. */
function perFilter(pixels: tf.Tensor, read: ReadParameter): tf.Tensor {
  const [rows] = pixels.shape as [number, number, number];
  const weight = read("encoder.head.weight") as tf.Tensor3D;
  const byFilter = tf.transpose(pixels, [2, 0, 1]) as tf.Tensor3D; // [filters, rows, pixels]
  const z = tf.matMul(byFilter, weight, false, true); // [filters, rows, outputs]
  const outputs = tf.add(tf.transpose(z, [1, 2, 0]), tf.transpose(read("encoder.head.bias")));
  return tf.relu(tf.reshape(outputs, [rows, -1]));
}

/** The first images of a source as floats [rows, H, W, C]: scaled, or each with mean 0 and deviation 1. */
export function imagesOf(source: ImageSource, rows: number): tf.Tensor4D {
  const { height, width, channels } = source.shape;
  const shape: [number, number, number, number] = [rows, height, width, channels];
  const n = height * width * channels;
  if (source.kind === "floats") {
    const { data, stride } = source.signal.value;
    const padded = tf.tensor2d(data.slice(0, rows * stride), [rows, stride]);
    return tf.reshape(tf.slice(padded, [0, 0], [rows, n]), shape);
  }
  const { bytes, factor, isStandardized } = source;
  const raw = tf.tensor4d(Float32Array.from(bytes.data.subarray(0, rows * n)), shape);
  if (!isStandardized) return tf.mul(raw, factor);
  const { mean, variance } = tf.moments(raw, [1, 2, 3], true);
  const least = 1 / (factor * Math.sqrt(n));
  return tf.div(tf.sub(raw, mean), tf.maximum(tf.sqrt(variance), least));
}
