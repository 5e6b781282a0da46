import type { Circuit } from "../circuit.ts";
import type { Cell } from "../equations/cell.ts";
import { runSequence } from "../equations/sequence.ts";
import { type ParameterSpec, type Weights, zeroGradients } from "../equations/weights.ts";
import { checkWeights } from "./check-weights.ts";
import { createCell } from "./create-cell.ts";
import { type ModelConfig, type ModelConfigInput, parseModelConfig } from "./model-config.ts";
import { type ModelState, asState, readState, writeState } from "./model-state.ts";
import { project, projectionParameters } from "./projection.ts";
import {
  type Elapsed,
  elapsedGradient,
  fromTimeMajor,
  readElapsed,
  readLayout,
  stepsShape,
  toTimeMajor,
} from "./sequence-layout.ts";
import { type Padding, readFlags, readMask } from "./sequence-mask.ts";
import { type Tensor, requireShape } from "./tensor.ts";

/** What a model reads. Shapes follow `batchFirst`; leave the batch axis away for a single sequence. */
export interface ModelInput extends Padding {
  /** [B, T, inputSize], [T, B, inputSize] or [T, inputSize] */
  readonly input: Tensor;
  /** zeros when absent */
  readonly state?: ModelState | undefined;
  /** time since the last step, in nominal control periods; 1 when absent */
  readonly elapsed?: Elapsed | undefined;
  /** non-zero where an episode starts, [B, T], [T, B] or [T]: the state is zero before that step */
  readonly episodeStart?: Tensor | undefined;
  /** uniform draws in [0, 1) for dropout in training; absent in evaluation */
  readonly dropout?: (() => number) | undefined;
}

/** d loss / d what a model gave; absent parts are zero. */
export interface ModelOutputGradient {
  /** shaped like `ModelOutput.output` */
  readonly output?: Tensor | undefined;
  /** of the final state's h and c, shaped like them */
  readonly h?: Tensor | undefined;
  readonly c?: Tensor | undefined;
}

/** d loss / d what a model read, shaped like it. */
export interface ModelGradient {
  /** by parameter name, without masks: what `Adam.step` takes */
  readonly weights: Weights;
  readonly input: Tensor;
  /** of the initial state's h; c is null for models without memory */
  readonly h: Tensor;
  readonly c: Tensor | null;
  /** null when elapsed times were not given as a tensor */
  readonly elapsed: Tensor | null;
}

/** What a model gave, and its backward pass. */
export interface ModelOutput {
  /** [B, T, outputSize] ([T, B, ·], [T, ·]), or [B, outputSize] of the last step without `returnSequences` */
  readonly output: Tensor;
  /** after the last step: give it to the next `forward` to go on */
  readonly state: ModelState;
  /** [T, B, stateSize], time-major: the whole state after every step, by the cell's order */
  readonly states: Float64Array;
  /** Backpropagation through time. Call it once: weight gradients add up. Throws ConfigError (`ncp-shape`) on a misshapen gradient. */
  backward(gradient: ModelOutputGradient): ModelGradient;
}

/** A recurrent model in float64: plain, slow and readable; the definition of the fast versions. */
export interface RecurrentModel {
  /** with every default filled in */
  readonly config: ModelConfig;
  /** null without a wiring */
  readonly circuit: Circuit | null;
  /** one step, for those who run it themselves */
  readonly cell: Cell;
  /** trainable parameters and, for the torch flavour, masks, by reference name */
  readonly parameters: readonly ParameterSpec[];
  /** neurons of the cell (the memory not counted) */
  readonly units: number;
  /** numbers per step: motor neurons (wired), all neurons (fully connected), or `projSize` */
  readonly outputSize: number;
  /**
   * Runs sequences. Throws ConfigError naming what does not fit: `ncp-shape`, `ncp-weights`, `ncp-state`, `ncp-mask`, or `ncp-elapsed`
   * (times must be finite and >= 0, for an LTC > 0).
   */
  forward(weights: Weights, input: ModelInput): ModelOutput;
}

/**
 * A recurrent model from its config, like `ncps.torch.CfC` or `LTC`; `initializeWeights(model.parameters, …)` draws its weights.
 * Throws ConfigError for a wrong config (`ncp-model`, or as `createCell` does).
 */
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

interface Internals extends Omit<RecurrentModel, "forward"> {
  readonly hasMemory: boolean;
  readonly projSize: number | undefined;
}

function runModel(model: Internals, weights: Weights, given: ModelInput): ModelOutput {
  const { cell, config, parameters, outputSize: O, projSize } = model;
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
  const read = project(sequence.output, { rows: T * B, projSize }, weights, grads);
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
