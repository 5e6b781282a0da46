import type * as tf from "@tensorflow/tfjs";

/** One trainable weight of a cell, by its name in the reference library. */
export interface WeightSpec {
  /** reference (PyTorch) name without the `rnn_cell.` prefix */
  readonly name: string;
  /** Keras layout: kernels are [in, out] */
  readonly shape: readonly number[];
  readonly initializer: ReturnType<typeof tf.initializers.zeros>;
  /** Whether the PyTorch layout is the transpose: true for kernels of dense maps. */
  readonly isKernel: boolean;
  /** Keeps the weight ≥ 0 after each optimiser step. */
  readonly isNonNegative?: boolean;
}

/** Gives the current value of a weight by name. */
export type ReadWeight = (name: string) => tf.Tensor;

/** What one step computes from. Tensors are [B, ·]. */
export interface StepInput {
  /** [B, D] */
  readonly x: tf.Tensor2D;
  /** one [B, stateSize[i]] each */
  readonly states: readonly tf.Tensor2D[];
  /** [B, 1] elapsed time in nominal control periods, or one number for all */
  readonly dt: tf.Tensor2D | number;
  /** zeroes each entry with this probability and scales up the others; null in evaluation */
  readonly dropout: ((x: tf.Tensor, rate: number) => tf.Tensor) | null;
}

/** What one step gives. */
export interface StepOutput {
  /** [B, outputSize] */
  readonly output: tf.Tensor2D;
  readonly states: readonly tf.Tensor2D[];
}

/**
 * The equations of one recurrent cell: its weights and one step, as plain data and a pure function.
 * Cells, mixed memory and projections are compositions of these.
 */
export interface CellEquations {
  readonly weights: readonly WeightSpec[];
  /** width of each state tensor */
  readonly stateSize: readonly number[];
  readonly outputSize: number;
  step(input: StepInput, read: ReadWeight): StepOutput;
}

/** Reads the weights of a part whose names carry a prefix. */
export const withPrefix =
  (prefix: string, read: ReadWeight): ReadWeight =>
  (name) =>
    read(prefix + name);

/** The same weights under prefixed names. */
export const prefixed = (prefix: string, weights: readonly WeightSpec[]): WeightSpec[] =>
  weights.map((weight) => ({ ...weight, name: prefix + weight.name }));
