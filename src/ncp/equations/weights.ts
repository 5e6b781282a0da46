/** Named float64 tensors, flat and row-major, in torch layout (a Linear weight is [out, in]). */
export type Weights = Readonly<Record<string, Float64Array>>;

/** How a parameter starts: drawn uniformly, all one value, a matrix with orthonormal columns, or given values. */
export type Initializer =
  | { readonly kind: "uniform"; readonly min: number; readonly max: number }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "orthogonal" }
  | { readonly kind: "values"; readonly values: Float64Array };

/** One parameter of a model: its reference name, shape and start. */
export interface ParameterSpec {
  /** as in ncps' PyTorch `state_dict`, such as `rnn_cell.layer_0.ff1.weight` */
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Initializer;
  /** a mask: stored with the weights as in the reference, never trained */
  readonly frozen?: boolean;
}

/** Number of elements of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/** A zero tensor for every trainable parameter: where a backward pass adds its gradients. */
export const zeroGradients = (parameters: readonly ParameterSpec[]): Weights =>
  Object.fromEntries(
    parameters.filter((p) => p.frozen !== true).map((p) => [p.name, new Float64Array(sizeOf(p.shape))]),
  );

/** Xavier-uniform bound sqrt(6 / (fanIn + fanOut)). */
export function xavierUniform(fanIn: number, fanOut: number): Initializer {
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return { kind: "uniform", min: -bound, max: bound };
}

/** Uniform within 1 / sqrt(fanIn): torch's start of Linear weights and biases. */
export function torchLinearUniform(fanIn: number): Initializer {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  return { kind: "uniform", min: -bound, max: bound };
}
