import type { Circuit } from "../circuit.ts";
import { configError } from "../checks.ts";
import type { Cell } from "../equations/cell.ts";
import { linear, linearBackward } from "../equations/linear.ts";
import { type Sequence, runSequence } from "../equations/sequence.ts";
import { type ParameterSpec, type Weights, sizeOf, torchLinearUniform, zeroGradients } from "../equations/weights.ts";
import { createCell } from "./create-cell.ts";
import { type ModelConfig, type ModelConfigInput, parseModelConfig } from "./model-config.ts";
import {
  type Elapsed,
  type SequenceLayout,
  elapsedGradient,
  fromTimeMajor,
  readElapsed,
  readLayout,
  stepsShape,
  toTimeMajor,
} from "./sequence-layout.ts";
import { type Tensor, requireShape, showShape } from "./tensor.ts";

/** State of a model: h is [B, units] ([units] unbatched); c, the memory, of the same shape, only where the model has one. */
export interface ModelState {
  readonly h: Tensor;
  readonly c?: Tensor | undefined;
}

/** What a model reads. Shapes follow `batchFirst`; leave the batch axis away for a single sequence. */
export interface ModelInput {
  /** [B, T, inputSize], [T, B, inputSize] or [T, inputSize] */
  readonly input: Tensor;
  /** zeros when absent */
  readonly state?: ModelState | undefined;
  /** time since the last step; 1 when absent */
  readonly elapsed?: Elapsed | undefined;
  /** 0 where a step is padding, shaped like the steps; or use `lengths` */
  readonly mask?: Tensor | undefined;
  /** number of real steps of each sequence, at the start */
  readonly lengths?: readonly number[] | undefined;
  /** non-zero where an episode starts, shaped like the steps: the state is zero before that step */
  readonly episodeStart?: Tensor | undefined;
  /** uniform draws for dropout in training; absent in evaluation */
  readonly dropout?: (() => number) | undefined;
}

/** d loss / d what a model gave; absent parts are zero. */
export interface ModelOutputGradient {
  readonly output?: Tensor | undefined;
  readonly h?: Tensor | undefined;
  readonly c?: Tensor | undefined;
}

/** d loss / d what a model read, shaped like it. */
export interface ModelGradient {
  readonly weights: Weights;
  readonly input: Tensor;
  readonly h: Tensor;
  readonly c: Tensor | null;
  /** null when elapsed times were not given as a tensor */
  readonly elapsed: Tensor | null;
}

/** What a model gave, and its backward pass. */
export interface ModelOutput {
  /** outputs of all steps, or of the last without `returnSequences` */
  readonly output: Tensor;
  readonly state: ModelState;
  /** [T, B, stateSize], time-major: the whole state after every step, by the cell's order */
  readonly states: Float64Array;
  backward(gradient: ModelOutputGradient): ModelGradient;
}

/** A recurrent model in float64: plain, slow and readable; the definition of the fast versions. */
export interface RecurrentModel {
  readonly config: ModelConfig;
  readonly circuit: Circuit | null;
  readonly cell: Cell;
  /** trainable parameters and, for the torch flavour, masks, by reference name */
  readonly parameters: readonly ParameterSpec[];
  /** neurons of the cell (the memory not counted) */
  readonly units: number;
  readonly outputSize: number;
  /** Runs sequences. Throws ConfigError naming the shape that does not fit. */
  forward(weights: Weights, input: ModelInput): ModelOutput;
}

/** Builds a model. Throws ConfigError for a wrong config. */
export function createModel(input: ModelConfigInput): RecurrentModel {
  const config = parseModelConfig(input);
  const { cell, circuit, hasMemory } = createCell(config);
  const projSize = config.kind === "ltc" ? undefined : config.projSize;
  const outputSize = projSize ?? cell.outputSize;
  const parameters = [...cell.parameters, ...projectionParameters(cell.outputSize, projSize)];
  const units = hasMemory ? cell.stateSize / 2 : cell.stateSize;
  const model = { config, circuit, cell, parameters, units, outputSize };
  return { ...model, forward: (weights, given) => runModel({ ...model, hasMemory, projSize }, weights, given) };
}

function projectionParameters(I: number, O: number | undefined): ParameterSpec[] {
  if (O === undefined) return [];
  const init = torchLinearUniform(I);
  return [
    { name: "fc.weight", shape: [O, I], init },
    { name: "fc.bias", shape: [O], init },
  ];
}

interface Internals extends Omit<RecurrentModel, "forward"> {
  readonly hasMemory: boolean;
  readonly projSize: number | undefined;
}

function runModel(model: Internals, weights: Weights, given: ModelInput): ModelOutput {
  const { cell, config, parameters, outputSize: O } = model;
  checkWeights(parameters, weights);
  const layout = readLayout(given.input, config.inputSize, config.batchFirst);
  const { T, B, batched } = layout;
  const grads = zeroGradients(parameters);
  const mask = readMask(given, layout);
  const sequence = runSequence(cell, weights, grads, {
    T,
    B,
    input: toTimeMajor(given.input.data, layout),
    initialState: readState(model, given.state, layout),
    elapsed:
      given.elapsed === undefined
        ? undefined
        : readElapsed(given.elapsed, layout, { mustBePositive: config.kind === "ltc", mask }),
    episodeStart: readFlags("episodeStart", given.episodeStart, layout),
    mask,
    dropout: given.dropout,
  });
  const read = readout(model, weights, grads, sequence, layout);
  const last = (T - 1) * B * O;
  const output: Tensor = config.returnSequences
    ? { shape: stepsShape(layout, O), data: fromTimeMajor(read.values, layout) }
    : { shape: batched ? [B, O] : [O], data: read.values.slice(last) };

  const backward = (gradient: ModelOutputGradient): ModelGradient => {
    const dValues = new Float64Array(T * B * O);
    if (gradient.output !== undefined) {
      requireShape("gradient of output", gradient.output, output.shape, "as the output");
      if (config.returnSequences) dValues.set(toTimeMajor(gradient.output.data, layout));
      else dValues.set(gradient.output.data, last);
    }
    const dFinal = readState(model, asState(gradient, model, layout), layout) ?? new Float64Array(B * cell.stateSize);
    const d = sequence.backward(read.backward(dValues), dFinal);
    const dState = writeState(model, d.dInitialState, layout);
    return {
      weights: grads,
      input: { shape: given.input.shape, data: fromTimeMajor(d.dInput, layout) },
      h: dState.h,
      c: dState.c ?? null,
      elapsed: typeof given.elapsed === "object" ? elapsedGradient(d.dElapsed, given.elapsed, layout) : null,
    };
  };
  return { output, state: writeState(model, sequence.finalState, layout), states: sequence.states, backward };
}

interface Readout {
  /** [T, B, outputSize] */
  readonly values: Float64Array;
  backward(dValues: Float64Array): Float64Array;
}

/** The projection, where there is one. */
function readout(
  { cell, projSize }: Internals,
  weights: Weights,
  grads: Weights,
  { output }: Sequence,
  { T, B }: SequenceLayout,
): Readout {
  if (projSize === undefined) return { values: output, backward: (d) => d };
  const size = { B: T * B, I: cell.outputSize, O: projSize };
  const values = linear(output, weights["fc.weight"]!, weights["fc.bias"]!, size);
  const backward = (d: Float64Array): Float64Array => {
    const dx = new Float64Array(output.length);
    const into = { dx, dw: grads["fc.weight"]!, db: grads["fc.bias"]! };
    linearBackward(d, { x: output, w: weights["fc.weight"]! }, into, size);
    return dx;
  };
  return { values, backward };
}

/** The whole state [B, stateSize] of h and c, or undefined for zeros. */
function readState(
  model: Internals,
  state: ModelState | undefined,
  { B, batched }: SequenceLayout,
): Float64Array | undefined {
  const { units, hasMemory } = model;
  if (state === undefined) return undefined;
  const shape = batched ? [B, units] : [units];
  requireShape("state h", state.h, shape, batched ? "sequences, units" : "units; the input has no batch axis");
  if (!hasMemory) {
    if (state.c !== undefined)
      throw configError("state", "state c was given, but this model has no memory; give h alone");
    return state.h.data;
  }
  if (state.c === undefined) throw configError("state", "this model has a memory: give the state as both h and c");
  requireShape("state c", state.c, shape, "as h");
  const whole = new Float64Array(B * 2 * units);
  for (let n = 0; n < B; n++) {
    whole.set(state.h.data.subarray(n * units, (n + 1) * units), n * 2 * units);
    whole.set(state.c.data.subarray(n * units, (n + 1) * units), n * 2 * units + units);
  }
  return whole;
}

function writeState({ units, hasMemory }: Internals, whole: Float64Array, { B, batched }: SequenceLayout): ModelState {
  const shape = batched ? [B, units] : [units];
  const width = hasMemory ? 2 * units : units;
  const part = (first: number): Tensor => ({
    shape,
    data: Float64Array.from(
      { length: B * units },
      (_, k) => whole[Math.floor(k / units) * width + first + (k % units)]!,
    ),
  });
  return hasMemory ? { h: part(0), c: part(units) } : { h: part(0) };
}

/** Gradients of the final state, with zeros for what was not given. */
function asState(
  { h, c }: ModelOutputGradient,
  { units, hasMemory }: Internals,
  { B, batched }: SequenceLayout,
): ModelState | undefined {
  if (h === undefined && c === undefined) return undefined;
  const zero: Tensor = { shape: batched ? [B, units] : [units], data: new Float64Array(B * units) };
  return hasMemory ? { h: h ?? zero, c: c ?? zero } : { h: h ?? zero, c };
}

function readFlags(name: string, flags: Tensor | undefined, layout: SequenceLayout): Float64Array | undefined {
  if (flags === undefined) return undefined;
  requireShape(name, flags, stepsShape(layout, null), "one per sample and step");
  return toTimeMajor(flags.data, layout);
}

function readMask({ mask, lengths }: ModelInput, layout: SequenceLayout): Float64Array | undefined {
  if (lengths === undefined) return readFlags("mask", mask, layout);
  if (mask !== undefined) throw configError("mask", "both mask and lengths were given; give one");
  const { T, B } = layout;
  if (lengths.length !== B) throw configError("mask", `${lengths.length} lengths were given for ${B} sequences`);
  const bad = lengths.find((length) => !(Number.isInteger(length) && length >= 0 && length <= T));
  if (bad !== undefined) throw configError("mask", `lengths holds ${bad}; expected integers in 0 .. ${T}`);
  return Float64Array.from({ length: T * B }, (_, k) => (Math.floor(k / B) < lengths[k % B]! ? 1 : 0));
}

function checkWeights(parameters: readonly ParameterSpec[], weights: Weights): void {
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
