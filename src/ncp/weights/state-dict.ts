import { FormatError } from "../../errors.ts";
import type { NamedTensor, TensorData } from "../../policy/safetensors.ts";
import type { ParameterSpec, Weights } from "../equations/weights.ts";
import type { RecurrentModel } from "../models/recurrent-model.ts";
import { showShape } from "../models/tensor.ts";

/** Element type that weights are stored with. */
export type StoredPrecision = "float32" | "float64";

/**
 * A model's weights as the reference's torch `state_dict` names and lays them out, sparsity masks included (torch
 * flavour), so that torch loads them with `strict=True`.
 */
export function toStateDict(
  model: RecurrentModel,
  weights: Weights,
  precision: StoredPrecision = "float32",
): NamedTensor<Float32Array | Float64Array>[] {
  return model.parameters.map(({ name, shape, frozen, init }) => {
    const values = frozen === true && init.kind === "values" ? init.values : weights[name]!;
    return { name, shape, data: precision === "float32" ? Float32Array.from(values) : Float64Array.from(values) };
  });
}

/**
 * Reads a torch `state_dict` for a model: every parameter must be there in its shape, nothing may be left over, and
 * sparsity masks must be those of the model's circuit. Throws FormatError naming what does not fit (`state-dict-names`, `state-dict-shape`,
 * `state-dict-finite`, `state-dict-mask`).
 */
export function fromStateDict(model: RecurrentModel, tensors: readonly NamedTensor[]): Weights {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const known = new Set(model.parameters.map(({ name }) => name));
  const missing = model.parameters.filter((p) => p.frozen !== true && !given.has(p.name)).map(({ name }) => name);
  const unknown = [...given.keys()].filter((name) => !known.has(name));
  if (missing.length > 0 || unknown.length > 0) throw mismatch(missing, unknown);
  const weights: Record<string, Float64Array> = {};
  for (const spec of model.parameters) {
    const tensor = given.get(spec.name);
    if (tensor === undefined) continue; // a mask that was left out
    const values = readTensor(spec, tensor);
    if (spec.frozen === true) checkMask(spec, values);
    else weights[spec.name] = values;
  }
  return weights;
}

function mismatch(missing: readonly string[], unknown: readonly string[]): FormatError {
  const parts = [
    missing.length > 0 ? `missing ${missing.join(", ")}` : "",
    unknown.length > 0 ? `not part of this model: ${unknown.join(", ")}` : "",
  ].filter((part) => part !== "");
  return new FormatError("state-dict-names", `weights do not belong to this model: ${parts.join("; ")}`);
}

function readTensor({ name, shape }: ParameterSpec, tensor: NamedTensor): Float64Array {
  const fits = tensor.shape.length === shape.length && tensor.shape.every((n, i) => n === shape[i]);
  if (!fits) {
    const message = `weight ${name} has shape ${showShape(tensor.shape)}; this model needs ${showShape(shape)}`;
    throw new FormatError("state-dict-shape", message);
  }
  const values = toFloat64(tensor.data);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) throw new FormatError("state-dict-finite", `weight ${name} holds ${values[bad]} at element ${bad}`);
  return values;
}

const toFloat64 = (data: TensorData): Float64Array => Float64Array.from<number | bigint>(data, Number);

function checkMask({ name, init }: ParameterSpec, values: Float64Array): void {
  if (init.kind !== "values") throw new Error(`internal: mask ${name} has no values`);
  const at = values.findIndex((value, i) => Math.abs(value) !== init.values[i]);
  if (at === -1) return;
  throw new FormatError(
    "state-dict-mask",
    `${name} differs from the model's circuit at element ${at}: the weights were trained on another wiring ` +
      `(other seed, sizes, input size, or a wiring object that was built twice: try \`builds: 2\` in the wiring's config)`,
  );
}
