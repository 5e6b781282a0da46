import type { ByteTensor, DifferentiableSignal, Signal, Tensor } from "../tensor.ts";

/** Draws in [0, 1). */
export type Uniform = () => number;

/** What every layer can do. Layers read their input and write `output.value`; backward reads `output.gradient` and may overwrite it. */
export interface Layer {
  readonly output: DifferentiableSignal;
  /** Draws initial weights as the reference does. Call `prepare` afterwards. */
  initialize(uniform: Uniform): void;
  /** Masks and packs weights: call after every change of weights, before forward. */
  prepare(): void;
}

/** A layer without memory: rows are independent. Batch rows first: [rows, size]. */
export interface FeedForwardLayer extends Layer {
  /** output.value[0..rows) <- f(input[0..rows)) */
  forward(rows: number): void;
  /** Adds to parameter gradients; writes the input's gradient where there is one. Needs the forward of the same rows before. */
  backward(rows: number): void;
}

/**
 * A circuit with state over sequences, time-major: row t * B + b of every [T*B, …] tensor is step t of sample b. T * B may be anything up to
 * `maxRows`, B up to `maxBatch`. State vectors are ordered by neuron id (motor, command, inter).
 *
 * The caller fills input.value, elapsed, episodeStart and initialState; then forward, then reads output.value, states, finalState; then
 * fills output.gradient (and dFinalState, which is zero otherwise); then backward, then reads input.gradient, dInitialState.
 */
export interface RecurrentLayer extends Layer {
  readonly input: Signal;
  /** neurons (H), as many columns as the state has */
  readonly stateSize: number;
  readonly maxRows: number;
  readonly maxBatch: number;
  /** [1, maxRows] in: elapsed time since the step before, in nominal control periods; 1 at first */
  readonly elapsed: Tensor;
  /** [maxRows] 1 where an episode starts at that step: the state before it is zeroed */
  readonly episodeStart: ByteTensor;
  /** [maxRows] in: 1 where a step is padding: the state stays, the output repeats (zeros before the first real step); null: none may be */
  readonly padding: ByteTensor | null;
  /** [maxBatch, H] in */
  readonly initialState: Tensor;
  /** [maxBatch, H] out */
  readonly finalState: Tensor;
  /** [maxBatch, H] in and out: cells of a mixed memory, beside the state; null without one */
  readonly initialMemory: Tensor | null;
  readonly finalMemory: Tensor | null;
  /** [maxRows, H] state after each step, by neuron id; filled by `gatherStates` */
  readonly states: Tensor;
  /** [maxBatch, H] out */
  readonly dInitialState: Tensor;
  /** [maxBatch, H] in; zeroed again by backward */
  readonly dFinalState: Tensor;
  /** [1, maxRows] out: d loss / d elapsed */
  readonly dElapsed: Tensor;

  forward(T: number, B: number): void;
  backward(T: number, B: number): void;
  /** Copies the states of the last forward into `states` (inputs of a critic, recordings). */
  gatherStates(T: number, B: number): void;
  /** One step of N samples for acting: forward(1, N) from initialState with finalState copied back into initialState. */
  step(N: number): void;
}
