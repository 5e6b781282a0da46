import * as tf from "@tensorflow/tfjs";
import { FormatError } from "../errors.ts";
import type { CircuitCell } from "./circuit-cell.ts";
import type { CircuitRnn } from "./circuit-rnn.ts";
import type { WeightSpec } from "./equations.ts";

/** A tensor of the reference library ncps: row-major. */
export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Which package's names and layout: torch kernels are [out, in] (`ff1.weight`), Keras ones [in, out] (`ff1_weight`, `time_a.kernel`). */
export type WeightLayout = "torch" | "keras";

const kerasNames: readonly (readonly [RegExp, string])[] = [
  [/^input_kernel$/, "lstm.input_map.weight"],
  [/^recurrent_kernel$/, "lstm.recurrent_map.weight"],
  [/^bias$/, "lstm.input_map.bias"],
  [/^_cfc_layers\.(\d+)\./, "layer_$1."],
  [/\b(ff[12])_(weight|bias)$/, "$1.$2"],
  [/^backbone_fn\.layers\./, "backbone."],
  [/\.kernel$/, ".weight"],
];

/** The name our equations use: PyTorch's without `rnn_cell.`, backbone layers numbered 0, 2, 4, … whatever stood between them. */
function ourNames(names: readonly string[]): Map<string, string> {
  const plain = names.map((name) => {
    let short = name.replace(/^rnn_cell\./, "");
    for (const [pattern, replacement] of kerasNames) short = short.replace(pattern, replacement);
    return short;
  });
  const index = (name: string): number => Number(/^backbone\.(\d+)\./.exec(name)?.[1] ?? -1);
  const order = [...new Set(plain.map(index))].filter((i) => i >= 0).sort((a, b) => a - b);
  const renumbered = plain.map((name) =>
    name.replace(/^backbone\.(\d+)\./, (_, i) => `backbone.${2 * order.indexOf(Number(i))}.`),
  );
  return new Map(names.map((name, i) => [renumbered[i]!, name]));
}

const cellOf = (layer: CircuitRnn | CircuitCell): CircuitCell => ("circuitCell" in layer ? layer.circuitCell : layer);
const bare = (spec: WeightSpec): string => spec.name.replace(/^rnn_cell\./, "");

/**
 * Sets a built layer's weights from a state dict of ncps. Sparsity masks are skipped: they follow from the wiring. Throws FormatError naming
 * the weight that is missing, left over, of the wrong shape or not finite; nothing is set then. Throws ConfigError (`not-built`) before `build`.
 */
export function loadReferenceWeights(
  layer: CircuitRnn | CircuitCell,
  tensors: Readonly<Record<string, ReferenceTensor>>,
  layout: WeightLayout,
): void {
  const cell = cellOf(layer);
  const names = ourNames(Object.keys(tensors).filter((name) => !name.endsWith("sparsity_mask")));
  const values = cell.equations.weights.map((spec) => {
    const given = names.get(bare(spec));
    if (given === undefined)
      throw new FormatError(
        "missing-weight",
        `weight ${spec.name} of layer ${layer.name} is missing; there are ${[...names.values()].join(", ")}`,
      );
    names.delete(bare(spec));
    return toKerasLayout(spec, given, tensors[given]!, layout);
  });
  if (names.size > 0)
    throw new FormatError("unknown-weight", `layer ${layer.name} has no weight ${[...names.values()].join(", ")}`);
  cell.equations.weights.forEach((spec, i) => cell.variable(spec.name).write(values[i]!));
}

function toKerasLayout(
  spec: WeightSpec,
  name: string,
  { shape, data }: ReferenceTensor,
  layout: WeightLayout,
): tf.Tensor {
  const turned = layout === "torch" && spec.isKernel;
  const expected = turned ? [...spec.shape].reverse() : spec.shape;
  if (shape.join() !== expected.join())
    throw new FormatError("weight-shape", `weight ${name} is [${shape.join(", ")}]; expected [${expected.join(", ")}]`);
  if (data.some((entry) => !Number.isFinite(entry)))
    throw new FormatError("weight-value", `weight ${name} holds a value that is not finite`);
  const value = tf.tensor(Float32Array.from(data), [...shape]);
  return turned ? tf.transpose(value) : value;
}

/** A built layer's weights under the names and in the layout of ncps' PyTorch package. Throws ConfigError (`not-built`) before `build`. */
export function referenceWeights(layer: CircuitRnn | CircuitCell): Record<string, ReferenceTensor> {
  const cell = cellOf(layer);
  return Object.fromEntries(
    cell.equations.weights.map((spec) => [torchName(spec), toTorchLayout(spec, cell.variable(spec.name).read())]),
  );
}

/** A weight's name in the reference's PyTorch package. */
export const torchName = (spec: WeightSpec): string =>
  /^(lstm|gru|fc)\./.test(spec.name) ? spec.name : `rnn_cell.${bare(spec)}`;

/** A weight (or its gradient) in PyTorch layout. */
export function toTorchLayout({ isKernel }: WeightSpec, value: tf.Tensor): ReferenceTensor {
  return tf.tidy(() => {
    const turned = isKernel ? tf.transpose(value) : value;
    return { shape: turned.shape, data: turned.dataSync<"float32">() };
  });
}
