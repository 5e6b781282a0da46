import { configError } from "../checks.ts";
import { type ParameterSpec, type Weights, sizeOf } from "../equations/weights.ts";
import type { RecurrentModel } from "../models/recurrent-model.ts";
import { kerasWeight, transpose } from "./keras-names.ts";

const hasMemory = ({ config }: RecurrentModel): boolean => "mixedMemory" in config && config.mixedMemory;

const trainable = (model: RecurrentModel): readonly ParameterSpec[] =>
  model.parameters.filter((p) => p.frozen !== true);

/**
 * Weights of ncps' Keras package, with its names and layouts ([in, out]), as a model's own. Additional ones are ignored.
 * Throws ConfigError (`ncp-weights`) for a missing one or a wrong size.
 */
export function fromKerasWeights(model: RecurrentModel, given: Weights): Weights {
  return Object.fromEntries(
    trainable(model).map(({ name, shape }) => {
      const keras = kerasWeight(name, hasMemory(model));
      const data = given[keras.name];
      if (data === undefined)
        throw configError(
          "weights",
          `keras weight ${keras.name} is missing; there are ${Object.keys(given).join(", ")}`,
        );
      if (data.length !== sizeOf(shape)) {
        throw configError(
          "weights",
          `keras weight ${keras.name} has ${data.length} numbers; expected ${sizeOf(shape)}`,
        );
      }
      return [name, keras.transposed ? transpose(data, shape[1]!, shape[0]!) : data.slice()];
    }),
  );
}

/** A model's weights (or gradients) under the names and in the layout ([in, out]) of ncps' Keras package. */
export function toKerasWeights(model: RecurrentModel, weights: Weights): Weights {
  return Object.fromEntries(
    trainable(model).map(({ name, shape }) => {
      const keras = kerasWeight(name, hasMemory(model));
      const data = weights[name]!;
      return [keras.name, keras.transposed ? transpose(data, shape[0]!, shape[1]!) : data.slice()];
    }),
  );
}
