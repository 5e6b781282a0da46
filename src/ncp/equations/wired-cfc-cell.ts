import type { Circuit } from "../circuit.ts";
import type { Cell, Step, StepGradient } from "./cell.ts";
import { type CfcCellOptions, type CfcMasks, cfcCell } from "./cfc-cell.ts";
import { type MaskOptions, cfcLayerMasks } from "./cfc-masks.ts";
import { addColumns, sliceColumns } from "./linear.ts";

/** A wired CfC: its circuit, update rule and masking. */
export interface WiredCfcOptions extends MaskOptions {
  readonly circuit: Circuit;
  readonly mode: CfcCellOptions["mode"];
  /** start of the parameter names, such as "rnn_cell." */
  readonly prefix: string;
  /** `motor` (default): the motor neurons; `layer`: all of the last layer, as the reference's torch cell does */
  readonly output?: "motor" | "layer";
}

/**
 * CfC cells in a row, one per layer of a circuit: layer 0 reads the sensors, layer l the new state of layer l - 1. ncps calls it WiredCfCCell.
 * Throws ConfigError (`ncp-strict-layers`) as `cfcLayerMasks` does.
 *
 * The state is the layers' states side by side in layer order (inter, command, motor), not by neuron id.
 * The output is the motor neurons in action order.
 */
export function wiredCfcCell(options: WiredCfcOptions): Cell {
  const { circuit } = options;
  const masks = cfcLayerMasks(circuit, options);
  const sizes = circuit.layers.map((ids) => ids.length);
  const starts = sizes.map((_, layer) => sizes.slice(0, layer).reduce((a, b) => a + b, 0));
  const cells = sizes.map((hiddenSize, layer) =>
    cfcCell(
      layerOptions(options, masks[layer]!, { inputSize: sizes[layer - 1] ?? circuit.inputDim, hiddenSize, layer }),
    ),
  );
  const columns = outputColumns(circuit, starts, options.output ?? "motor");
  return {
    inputSize: circuit.inputDim,
    stateSize: circuit.units,
    outputSize: columns.length,
    parameters: cells.flatMap((cell) => cell.parameters),
    prepare: (weights, grads) => {
      const prepared = cells.map((cell) => cell.prepare(weights, grads));
      return {
        step: ({ input, state, elapsed, B, dropout }) => {
          const steps: Step[] = [];
          let from = input;
          prepared.forEach((cell, layer) => {
            const own = sliceColumns(state, B, starts[layer]!, sizes[layer]!);
            const step = cell.step({ input: from, state: own, elapsed, B, dropout });
            steps.push(step);
            from = step.state;
          });
          return joinLayers({ steps, starts, columns, units: circuit.units, B });
        },
        finish: () => prepared.forEach((cell) => cell.finish()),
      };
    },
  };
}

function layerOptions(
  { mode, flavour, prefix }: WiredCfcOptions,
  masks: CfcMasks,
  { inputSize, hiddenSize, layer }: { readonly inputSize: number; readonly hiddenSize: number; readonly layer: number },
): CfcCellOptions {
  const noBackbone = { activation: "lecun_tanh", backboneUnits: 0, backboneLayers: 0, backboneDropout: 0 } as const;
  return { inputSize, hiddenSize, mode, flavour, masks, prefix: `${prefix}layer_${layer}.`, ...noBackbone };
}

/** Columns of the state, in layer order, that make the output. */
function outputColumns(circuit: Circuit, starts: readonly number[], output: "motor" | "layer"): number[] {
  const last = circuit.layers[circuit.layers.length - 1]!;
  const start = starts[starts.length - 1]!;
  if (output === "layer") return last.map((_, i) => start + i);
  return Array.from({ length: circuit.outputDim }, (_, motor) => start + last.indexOf(motor));
}

interface LayerSteps {
  readonly steps: readonly Step[];
  readonly starts: readonly number[];
  readonly columns: readonly number[];
  readonly units: number;
  readonly B: number;
}

function joinLayers({ steps, starts, columns, units, B }: LayerSteps): Step {
  const state = new Float64Array(B * units);
  steps.forEach((step, layer) => addColumns(state, step.state, B, starts[layer]!));
  const M = columns.length;
  const output = Float64Array.from({ length: B * M }, (_, k) => state[Math.floor(k / M) * units + columns[k % M]!]!);

  const backward = (dOutput: Float64Array, dState: Float64Array): StepGradient => {
    const dNext = dState.slice();
    dOutput.forEach((d, k) => (dNext[Math.floor(k / M) * units + columns[k % M]!]! += d));
    const dPrevious = new Float64Array(B * units);
    const dElapsed = new Float64Array(B);
    let dFromAbove: Float64Array | null = null;
    for (let layer = steps.length - 1; layer >= 0; layer--) {
      const width = steps[layer]!.state.length / B;
      const zero = new Float64Array(B * width);
      const gradient: StepGradient = steps[layer]!.backward(
        dFromAbove ?? zero,
        sliceColumns(dNext, B, starts[layer]!, width),
      );
      addColumns(dPrevious, gradient.dState, B, starts[layer]!);
      gradient.dElapsed.forEach((d, n) => (dElapsed[n]! += d));
      dFromAbove = gradient.dInput;
    }
    return { dInput: dFromAbove!, dState: dPrevious, dElapsed };
  };
  return { output, state, backward };
}
