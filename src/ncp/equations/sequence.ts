import type { Cell, Step } from "./cell.ts";
import type { Weights } from "./weights.ts";

/** A batch of sequences, time-major. */
export interface SequenceInput {
  /** number of steps */
  readonly T: number;
  /** number of sequences */
  readonly B: number;
  /** [T, B, inputSize] */
  readonly input: Float64Array;
  /** [B, stateSize]; zeros when absent */
  readonly initialState?: Float64Array | undefined;
  /** [T, B] time since the last step, in nominal control periods; 1 when absent */
  readonly elapsed?: Float64Array | undefined;
  /** [T, B]: non-zero where an episode starts, so that the state is zero before that step */
  readonly episodeStart?: ArrayLike<number> | undefined;
  /** [T, B]: 0 where a step is padding: the state stays and the output repeats (zeros before the first real step) */
  readonly mask?: ArrayLike<number> | undefined;
  /** uniform draws for dropout; absent in evaluation */
  readonly dropout?: (() => number) | undefined;
}

/** Gradients of a sequence's inputs, shaped like them. */
export interface SequenceGradient {
  /** [T, B, inputSize] */
  readonly dInput: Float64Array;
  /** [B, stateSize] */
  readonly dInitialState: Float64Array;
  /** [T, B] */
  readonly dElapsed: Float64Array;
}

/** What a sequence gave, and its backward pass through time. */
export interface Sequence {
  /** [T, B, outputSize] */
  readonly output: Float64Array;
  /** [B, stateSize] state after the last step */
  readonly finalState: Float64Array;
  /** [T, B, stateSize] state after every step */
  readonly states: Float64Array;
  /** Takes gradients of all outputs [T, B, outputSize] and of the final state [B, stateSize]; adds weight gradients to `grads`. Call it once. */
  backward(dOutput: Float64Array, dFinalState: Float64Array): SequenceGradient;
}

/**
 * Runs a cell over a batch of sequences. Shapes are those of the fields of `SequenceInput` and are not checked here; `createModel` checks.
 *
 * Per step t: state = 0 where an episode starts; (output, state) = cell(input[t], state, elapsed[t]); where masked, both
 * keep their last value. Backward walks the same lines from the last step to the first.
 */
export function runSequence(cell: Cell, weights: Weights, grads: Weights, sequence: SequenceInput): Sequence {
  const { T, B, input, episodeStart, mask, dropout } = sequence;
  const { inputSize: I, stateSize: S, outputSize: O } = cell;
  const prepared = cell.prepare(weights, grads);
  const elapsed = sequence.elapsed ?? new Float64Array(T * B).fill(1);
  const output = new Float64Array(T * B * O);
  const states = new Float64Array(T * B * S);
  const steps: Step[] = [];
  let state: Float64Array = sequence.initialState?.slice() ?? new Float64Array(B * S);
  let last: Float64Array = new Float64Array(B * O);
  for (let t = 0; t < T; t++) {
    if (episodeStart !== undefined) state = clearRows(state, episodeStart, t, B);
    const at = readStep(input, elapsed, mask, { t, B, I });
    const step = prepared.step({ ...at, state, B, dropout });
    steps.push(step);
    state = mask === undefined ? step.state : chooseRows(step.state, state, mask, t, B);
    last = mask === undefined ? step.output.slice() : chooseRows(step.output, last, mask, t, B);
    output.set(last, t * B * O);
    states.set(state, t * B * S);
  }

  const backward = (dOutput: Float64Array, dFinalState: Float64Array): SequenceGradient => {
    const dInput = new Float64Array(T * B * I);
    const dElapsed = new Float64Array(T * B);
    let dState = dFinalState.slice();
    let dLast = new Float64Array(B * O);
    for (let t = T - 1; t >= 0; t--) {
      // output[t] = last
      dLast = dLast.map((d, k) => d + dOutput[t * B * O + k]!);
      // masked rows kept their last state and output: their gradient passes the step by
      const [dStepState, dKeptState] = splitRows(dState, mask, t, B);
      const [dStepOutput, dKeptOutput] = splitRows(dLast, mask, t, B);
      const gradient = steps[t]!.backward(dStepOutput, dStepState);
      dInput.set(gradient.dInput, t * B * I);
      dElapsed.set(gradient.dElapsed, t * B);
      dState = dKeptState.map((d, k) => d + gradient.dState[k]!);
      dLast = dKeptOutput;
      // state = 0 where an episode starts
      if (episodeStart !== undefined) dState = clearRows(dState, episodeStart, t, B);
    }
    prepared.finish();
    return { dInput, dInitialState: dState, dElapsed };
  };
  return { output, finalState: state.slice(), states, backward };
}

/** Input and elapsed time of step t; padding is replaced by zeros after one unit of time, so that it may hold anything. */
function readStep(
  input: Float64Array,
  elapsed: Float64Array,
  mask: ArrayLike<number> | undefined,
  { t, B, I }: { readonly t: number; readonly B: number; readonly I: number },
): { input: Float64Array; elapsed: Float64Array } {
  const rows = input.subarray(t * B * I, (t + 1) * B * I);
  const times = elapsed.subarray(t * B, (t + 1) * B);
  if (mask === undefined) return { input: rows, elapsed: times };
  const isPadding = (n: number): boolean => mask[t * B + n] === 0;
  return {
    input: rows.map((value, k) => (isPadding(Math.floor(k / I)) ? 0 : value)),
    elapsed: times.map((value, n) => (isPadding(n) ? 1 : value)),
  };
}

type Rows = Float64Array<ArrayBuffer>;

function clearRows(rows: Float64Array, flags: ArrayLike<number>, t: number, B: number): Rows {
  const width = rows.length / B;
  const kept = rows.slice();
  for (let n = 0; n < B; n++) if (flags[t * B + n] !== 0) kept.fill(0, n * width, (n + 1) * width);
  return kept;
}

function chooseRows(fresh: Float64Array, kept: Float64Array, mask: ArrayLike<number>, t: number, B: number): Rows {
  const width = fresh.length / B;
  return fresh.slice().map((value, k) => (mask[t * B + Math.floor(k / width)] === 0 ? kept[k]! : value));
}

/** [part that goes into the step, part that passes it by]. */
function splitRows(d: Float64Array, mask: ArrayLike<number> | undefined, t: number, B: number): [Rows, Rows] {
  const width = d.length / B;
  const isKept = (k: number): boolean => mask !== undefined && mask[t * B + Math.floor(k / width)] === 0;
  return [d.slice().map((value, k) => (isKept(k) ? 0 : value)), d.slice().map((value, k) => (isKept(k) ? value : 0))];
}
