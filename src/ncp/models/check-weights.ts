import { configError } from "../checks.ts";
import { type ParameterSpec, type Weights, sizeOf } from "../equations/weights.ts";
import { showShape } from "./tensor.ts";

/** Throws ConfigError unless every trainable parameter is there, of its size and finite. */
export function checkWeights(parameters: readonly ParameterSpec[], weights: Weights): void {
  for (const { name, shape, frozen } of parameters) {
    const data = weights[name];
    if (data === undefined) {
      if (frozen === true) continue; // masks follow from the circuit
      throw configError("weights", `weight ${name} is missing; expected shape ${showShape(shape)}`);
    }
    if (data.length !== sizeOf(shape)) {
      throw configError("weights", `weight ${name} has ${data.length} numbers; expected shape ${showShape(shape)}`);
    }
    if (data.some((value) => !Number.isFinite(value)))
      throw configError("weights", `weight ${name} holds a value that is not finite`);
  }
}
