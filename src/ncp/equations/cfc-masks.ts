import type { Circuit } from "../circuit.ts";
import { configError } from "../checks.ts";
import type { CfcMasks } from "./cfc-cell.ts";
import type { Flavour } from "./cfc-gate.ts";
import type { SynapseMask } from "./synapse-mask.ts";

/**
 * `ncps` repeats the reference: only ff1 and ff2 are masked, and neurons of one layer see all of the layer's previous
 * state. `strict` masks all four heads with exactly the drawn synapses and each neuron's own previous state.
 */
export type Masking = "ncps" | "strict";

/** `free`: a weight may take either sign. `signed`: a drawn synapse acts with its drawn polarity, only the weight's magnitude counts. */
export type PolarityRule = "free" | "signed";

/** How a wired CfC reads its circuit. */
export interface MaskOptions {
  readonly masking: Masking;
  readonly flavour: Flavour;
  readonly polarity: PolarityRule;
}

/**
 * Masks of each layer of a wired CfC, in layer order, each [neurons, incoming + neurons]. Rows are the layer's neurons, columns what they
 * read: the sensors or the previous layer's new state first, then the layer's own previous state.
 *
 * Throws ConfigError (`ncp-strict-layers`) for strict masking of a circuit with synapses that skip layers or go back: a layered CfC cannot
 * compute them.
 */
export function cfcLayerMasks(circuit: Circuit, options: MaskOptions): CfcMasks[] {
  if (options.masking === "strict") refuseSkippingSynapses(circuit);
  return circuit.layers.map((ids, layer) => {
    const drawn = drawnSynapses(circuit, ids, circuit.layers[layer - 1] ?? null);
    const used =
      options.masking === "strict" ? withOwnState(drawn, ids.length) : withDenseRecurrence(drawn, ids.length);
    const stored = used.map(Math.abs);
    const time: SynapseMask | null = options.masking === "strict" ? { scale: stored, magnitude: null } : null;
    return { heads: headMask(used, drawn, options), time, stored };
  });
}

/** Mask of a single cell as the reference's CfCCell takes it: `mask` is [input + hidden, hidden] with entries -1, 0, 1. */
export function cfcCellMask(mask: readonly (readonly number[])[], flavour: Flavour): CfcMasks {
  const [rows, H] = [mask.length, mask[0]!.length];
  const transposed = Float64Array.from({ length: rows * H }, (_, k) => mask[k % rows]![Math.floor(k / rows)]!);
  const stored = transposed.map(Math.abs);
  return { heads: { scale: flavour === "keras" ? transposed : stored, magnitude: null }, time: null, stored };
}

/** Drawn synapses of one layer, signed: [neurons, incoming + neurons]. */
function drawnSynapses(circuit: Circuit, ids: readonly number[], previous: readonly number[] | null): Float64Array {
  const { units, adjacency, sensoryAdjacency, inputDim } = circuit;
  const incoming = previous?.length ?? inputDim;
  const width = incoming + ids.length;
  const drawn = new Float64Array(ids.length * width);
  ids.forEach((dest, row) => {
    for (let i = 0; i < incoming; i++) {
      drawn[row * width + i] =
        previous === null ? sensoryAdjacency[i * units + dest]! : adjacency[previous[i]! * units + dest]!;
    }
    ids.forEach((src, i) => (drawn[row * width + incoming + i] = adjacency[src * units + dest]!));
  });
  return drawn;
}

/** Adds each neuron's own previous state. */
function withOwnState(drawn: Float64Array, neurons: number): Float64Array {
  const used = drawn.slice();
  const width = drawn.length / neurons;
  for (let row = 0; row < neurons; row++) {
    const own = row * width + (width - neurons) + row;
    if (used[own] === 0) used[own] = 1;
  }
  return used;
}

/** Replaces the drawn synapses within the layer by dense recurrence, as the reference does. */
function withDenseRecurrence(drawn: Float64Array, neurons: number): Float64Array {
  const width = drawn.length / neurons;
  return drawn.map((value, k) => (k % width >= width - neurons ? 1 : value));
}

/** torch takes the mask's magnitude, keras its sign too; signed polarity fixes the sign of drawn synapses. */
function headMask(used: Float64Array, drawn: Float64Array, { flavour, polarity }: MaskOptions): SynapseMask {
  if (polarity === "signed") {
    const scale = used.map((value, k) => (drawn[k] === 0 ? Math.abs(value) : drawn[k]!));
    return { scale, magnitude: Uint8Array.from(drawn, (value) => (value === 0 ? 0 : 1)) };
  }
  return { scale: flavour === "keras" ? used : used.map(Math.abs), magnitude: null };
}

function refuseSkippingSynapses(circuit: Circuit): void {
  const { units, adjacency, sensoryAdjacency, layers } = circuit;
  const layerOf = new Int32Array(units);
  layers.forEach((ids, layer) => ids.forEach((id) => (layerOf[id] = layer)));
  adjacency.forEach((polarity, at) => {
    const [src, dest] = [Math.floor(at / units), at % units];
    const hop = layerOf[dest]! - layerOf[src]!;
    if (polarity !== 0 && hop !== 0 && hop !== 1) refuse(`neuron ${src}`, dest, layerOf);
  });
  sensoryAdjacency.forEach((polarity, at) => {
    const dest = at % units;
    if (polarity !== 0 && layerOf[dest] !== 0) refuse(`sensor ${Math.floor(at / units)}`, dest, layerOf);
  });
}

function refuse(from: string, dest: number, layerOf: Int32Array): never {
  throw configError(
    "strict-layers",
    `the synapse from ${from} to neuron ${dest} (layer ${layerOf[dest]}) skips a layer or goes back, which a wired CfC ` +
      `cannot compute; use masking "ncps" (which ignores it, as the reference does), an LTC, or other layers`,
  );
}
