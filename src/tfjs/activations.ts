import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../errors.ts";

type Activation = (x: tf.Tensor) => tf.Tensor;

/** Backbone activations of the reference; `gelu` is the exact form with erf. */
const activations: Readonly<Record<string, Activation>> = {
  lecun_tanh: (x) => tf.mul(1.7159, tf.tanh(tf.mul(0.666, x))),
  tanh: (x) => tf.tanh(x),
  relu: (x) => tf.relu(x),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  gelu: (x) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.erf(tf.mul(Math.SQRT1_2, x)))),
};

/** Name of a backbone activation. */
export type ActivationName = "lecun_tanh" | "tanh" | "relu" | "silu" | "gelu";

/** The activation with this name; a saved model spells `lecun_tanh` as `lecunTanh`. Throws ConfigError. */
export function activation(name: string): Activation {
  const known = name === "lecunTanh" ? "lecun_tanh" : name;
  const found = activations[known];
  if (found !== undefined) return found;
  const names = Object.keys(activations);
  throw new ConfigError("activation", `activation "${name}" is unknown; there are ${names.join(", ")}`);
}
