import type { DifferentiableSignal, Tensor } from "../tensor.ts";
import type { Uniform } from "./layer.ts";

/** Which rows a pass goes over, and what every layer of a circuit sees alike. Rows are firstRow + t * B + b. */
export interface SequencePass {
  readonly T: number;
  readonly B: number;
  readonly firstRow: number;
  /** [1, rows] */
  readonly elapsed: Tensor;
  readonly dElapsed: Tensor;
  /** address of the flag of row 0, one byte per row */
  readonly episodeStart: number;
}

/** One recurrent layer inside a circuit: computed over a whole sequence, or step by step where a memory sits between the steps. */
export interface CircuitLayer {
  /** neurons of this layer */
  readonly size: number;
  /** [rows, size] state after each step */
  readonly states: DifferentiableSignal;
  /** what the next layer reads: the states, unless an output mapping follows */
  readonly output: DifferentiableSignal;
  /** [maxBatch, size] state before the pass */
  readonly initial: Tensor;
  /** [maxBatch, size] gradient of the final state in, of the initial state out */
  readonly dState: Tensor;
  initialize(uniform: Uniform): void;
  prepare(): void;
  /** Reads input rows and initial, writes rows of states and output. */
  forward(pass: SequencePass): void;
  /** Reads rows of output.gradient and dState; writes input.gradient rows and dState; adds to dElapsed and to gradients of its own. */
  backward(pass: SequencePass): void;
  /** Adds the gradients of weights that are summed over all rows at once. After the last `backward`. */
  addWeightGradients(rows: number): void;
}
