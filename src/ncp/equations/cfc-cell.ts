import type { Activation } from "./activation.ts";
import { type BackboneOptions, backboneParameters, backboneStep, biasStart } from "./backbone.ts";
import type { Cell, PreparedCell, Step, StepInput } from "./cell.ts";
import { type CfcMode, type Flavour, gatedUpdate, pureUpdate } from "./cfc-gate.ts";
import { concatRows, linear, linearBackward, sliceColumns } from "./linear.ts";
import { type SynapseMask, maskWeights, maskWeightsBackward } from "./synapse-mask.ts";
import { type ParameterSpec, type Weights, xavierUniform } from "./weights.ts";

/** Masks of the heads' weights [hiddenSize, inputSize + hiddenSize], row-major. */
export interface CfcMasks {
  /** ff1 and ff2 */
  readonly heads: SynapseMask;
  /** time_a and time_b; null leaves them dense */
  readonly time: SynapseMask | null;
  /** what the reference stores as sparsity_mask */
  readonly stored: Float64Array;
}

/** One fully connected CfC cell, or one layer of a wired one. */
export interface CfcCellOptions {
  readonly inputSize: number;
  /** neurons (H) */
  readonly hiddenSize: number;
  readonly mode: CfcMode;
  readonly flavour: Flavour;
  /** of the backbone */
  readonly activation: Activation;
  /** width of each backbone layer */
  readonly backboneUnits: number;
  /** 0: the heads read [input, state] themselves */
  readonly backboneLayers: number;
  /** share of the backbone's features dropped, in [0, 1); acts only where a step gets `dropout` */
  readonly backboneDropout: number;
  /** null: every head is dense */
  readonly masks: CfcMasks | null;
  /** start of the parameter names, such as "rnn_cell." */
  readonly prefix: string;
}

/** Head names of a mode. */
const headNames = (mode: CfcMode): readonly string[] =>
  mode === "pure" ? ["ff1"] : ["ff1", "ff2", "time_a", "time_b"];

/**
 * Closed-form continuous-time cell: z = backbone([input, state]), four dense heads ff1, ff2, time_a, time_b of z, and with elapsed time t
 * next = (1 - s) tanh(ff1) + s tanh(ff2), s = sigmoid(time_a t + time_b). The output is the new state.
 * `no_gate`: tanh(ff1) + s tanh(ff2). `pure`: A - A exp(-t (|w_tau| + |ff1|)) ff1. Keras flavour: ff1 and ff2 without tanh, -time_a.
 *
 * Source: Hasani et al. 2022, doi:10.1038/s42256-022-00556-7, in the form of ncps' CfCCell.
 */
export function cfcCell(options: CfcCellOptions): Cell {
  const { inputSize, hiddenSize, prefix, mode } = options;
  const backbone: BackboneOptions = {
    inputSize: inputSize + hiddenSize,
    units: options.backboneUnits,
    layers: options.backboneLayers,
    activation: options.activation,
    dropout: options.backboneDropout,
    flavour: options.flavour,
    prefix,
  };
  return {
    inputSize,
    stateSize: hiddenSize,
    outputSize: hiddenSize,
    parameters: [
      ...maskParameter(options),
      ...pureParameters(options),
      ...backboneParameters(backbone),
      ...headParameters(options),
    ],
    prepare: (weights, grads) => (mode === "pure" ? preparePure : prepareGated)(options, backbone, weights, grads),
  };
}

/** A head ready for use: masked weight, its gradient, and the bias. */
interface Head {
  readonly name: string;
  readonly w: Float64Array;
  readonly dw: Float64Array;
  readonly mask: SynapseMask | null;
}

function prepareHeads({ mode, masks, prefix }: CfcCellOptions, weights: Weights): Head[] {
  return headNames(mode).map((short) => {
    const name = `${prefix}${short}`;
    const mask = masks === null ? null : short.startsWith("ff") ? masks.heads : masks.time;
    const w = maskWeights(weights[`${name}.weight`]!, mask);
    return { name, w, dw: new Float64Array(w.length), mask };
  });
}

function finishHeads(heads: readonly Head[], weights: Weights, grads: Weights): void {
  for (const { name, dw, mask } of heads) {
    const into = grads[`${name}.weight`]!;
    if (mask === null) dw.forEach((d, i) => (into[i]! += d));
    else maskWeightsBackward(dw, weights[`${name}.weight`]!, mask, into);
    dw.fill(0);
  }
}

function prepareGated(
  options: CfcCellOptions,
  backbone: BackboneOptions,
  weights: Weights,
  grads: Weights,
): PreparedCell {
  const { mode, flavour, hiddenSize: H } = options;
  if (mode === "pure") throw new Error("internal: the pure mode has no gates");
  const heads = prepareHeads(options, weights);
  const step = ({ input, state, elapsed, B, dropout }: StepInput): Step => {
    const front = backboneStep(backbone, weights, grads, concatRows(input, state, B), { B, dropout });
    const size = { B, I: front.features.length / B, O: H };
    const [f1, f2, a, b] = heads.map((head) => linear(front.features, head.w, weights[`${head.name}.bias`]!, size));
    const update = gatedUpdate({ f1: f1!, f2: f2!, a: a!, b: b! }, elapsed, { mode, flavour });
    return {
      output: update.state,
      state: update.state,
      backward: (dOutput, dState) => {
        const dElapsed = new Float64Array(B);
        const d = update.backward(sum(dOutput, dState), dElapsed);
        const dFeatures = new Float64Array(front.features.length);
        [d.f1, d.f2, d.a, d.b].forEach((dHead, i) =>
          headBackward(heads[i]!, dHead, front.features, dFeatures, grads, size),
        );
        return { ...splitInput(front.backward(dFeatures), options, B), dElapsed };
      },
    };
  };
  return { step, finish: () => finishHeads(heads, weights, grads) };
}

function preparePure(
  options: CfcCellOptions,
  backbone: BackboneOptions,
  weights: Weights,
  grads: Weights,
): PreparedCell {
  const { prefix, hiddenSize: H } = options;
  const heads = prepareHeads(options, weights);
  const head = heads[0]!;
  const pure = { wTau: weights[`${prefix}w_tau`]!, amplitude: weights[`${prefix}A`]! };
  const dPure = { wTau: grads[`${prefix}w_tau`]!, amplitude: grads[`${prefix}A`]! };
  const step = ({ input, state, elapsed, B, dropout }: StepInput): Step => {
    const front = backboneStep(backbone, weights, grads, concatRows(input, state, B), { B, dropout });
    const size = { B, I: front.features.length / B, O: H };
    const update = pureUpdate(linear(front.features, head.w, weights[`${head.name}.bias`]!, size), elapsed, pure);
    return {
      output: update.state,
      state: update.state,
      backward: (dOutput, dState) => {
        const dElapsed = new Float64Array(B);
        const dHead = update.backward(sum(dOutput, dState), dElapsed, dPure);
        const dFeatures = new Float64Array(front.features.length);
        headBackward(head, dHead, front.features, dFeatures, grads, size);
        return { ...splitInput(front.backward(dFeatures), options, B), dElapsed };
      },
    };
  };
  return { step, finish: () => finishHeads(heads, weights, grads) };
}

function headBackward(
  { name, w, dw }: Head,
  dHead: Float64Array,
  features: Float64Array,
  dFeatures: Float64Array,
  grads: Weights,
  size: { readonly B: number; readonly I: number; readonly O: number },
): void {
  linearBackward(dHead, { x: features, w }, { dx: dFeatures, dw, db: grads[`${name}.bias`]! }, size);
}

/** Splits the gradient of [input, state]. */
function splitInput(
  dz: Float64Array,
  { inputSize: I, hiddenSize: H }: CfcCellOptions,
  B: number,
): { dInput: Float64Array; dState: Float64Array } {
  return { dInput: sliceColumns(dz, B, 0, I), dState: sliceColumns(dz, B, I, H) };
}

const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]!);

function maskParameter({ masks, prefix, hiddenSize, inputSize, flavour }: CfcCellOptions): ParameterSpec[] {
  if (masks === null || flavour === "keras") return []; // keras masks are constants, not weights
  const shape = [hiddenSize, inputSize + hiddenSize];
  return [{ name: `${prefix}sparsity_mask`, shape, init: { kind: "values", values: masks.stored }, frozen: true }];
}

/** torch draws w_tau and A by its xavier rule; keras starts them at 0 and 1. */
function pureParameters({ mode, flavour, prefix, hiddenSize: H }: CfcCellOptions): ParameterSpec[] {
  if (mode !== "pure") return [];
  const start = (value: number): ParameterSpec["init"] =>
    flavour === "torch" ? xavierUniform(H, 1) : { kind: "constant", value };
  return [
    { name: `${prefix}w_tau`, shape: [1, H], init: start(0) },
    { name: `${prefix}A`, shape: [1, H], init: start(1) },
  ];
}

function headParameters(options: CfcCellOptions): ParameterSpec[] {
  const { mode, prefix, hiddenSize: H, flavour } = options;
  const I = options.backboneLayers > 0 ? options.backboneUnits : options.inputSize + H;
  return headNames(mode).flatMap((name) => [
    { name: `${prefix}${name}.weight`, shape: [H, I], init: xavierUniform(I, H) },
    { name: `${prefix}${name}.bias`, shape: [H], init: biasStart(flavour, I) },
  ]);
}
