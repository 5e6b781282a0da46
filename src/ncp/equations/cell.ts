import type { ParameterSpec, Weights } from "./weights.ts";

/** What one step over a batch of B reads. */
export interface StepInput {
  /** [B, inputSize] */
  readonly input: Float64Array;
  /** [B, stateSize] */
  readonly state: Float64Array;
  /** [B] time since the last step, in nominal control periods */
  readonly elapsed: Float64Array;
  /** rows of the batch */
  readonly B: number;
  /** uniform draws in [0, 1) for dropout; without it dropout is off, as in evaluation */
  readonly dropout?: (() => number) | undefined;
}

/** Gradients with respect to what a step read; weight gradients are added to the prepared cell's tensors. */
export interface StepGradient {
  /** [B, inputSize] */
  readonly dInput: Float64Array;
  /** [B, stateSize] */
  readonly dState: Float64Array;
  /** [B] */
  readonly dElapsed: Float64Array;
}

/** What one step gave, and its backward pass. */
export interface Step {
  /** [B, outputSize] */
  readonly output: Float64Array;
  /** [B, stateSize] state after the step */
  readonly state: Float64Array;
  /** Takes d loss / d output [B, outputSize] and d loss / d state [B, stateSize] from later steps. */
  backward(dOutput: Float64Array, dState: Float64Array): StepGradient;
}

/** A cell with its weights made ready for many steps. */
export interface PreparedCell {
  /** One step of B rows. The result is new; nothing is kept. */
  step(input: StepInput): Step;
  /** After the last backward: carries gradients from the prepared (masked) weights to the stored ones. */
  finish(): void;
}

/** A recurrent cell in float64: the definition that the fast versions are tested against. */
export interface Cell {
  /** numbers read per step */
  readonly inputSize: number;
  /** size of the whole state vector; with memory cells [h | c] */
  readonly stateSize: number;
  /** numbers given per step */
  readonly outputSize: number;
  /** in the order in which they are drawn */
  readonly parameters: readonly ParameterSpec[];
  /** Masks weights once. `grads` has a tensor for each trainable parameter; gradients are added to it. */
  prepare(weights: Weights, grads: Weights): PreparedCell;
}
