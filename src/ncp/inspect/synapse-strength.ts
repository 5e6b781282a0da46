import { configError } from "../checks.ts";
import type { Circuit, Polarity } from "../circuit.ts";
import { softplus } from "../equations/activation.ts";
import { cfcLayerMasks } from "../equations/cfc-masks.ts";
import { maskWeights } from "../equations/synapse-mask.ts";
import type { Weights } from "../equations/weights.ts";
import type { InspectedCell, SynapseReport } from "./inspection.ts";

/** A weight by reference name. Throws ConfigError when it is missing. */
export function weightOf(weights: Weights, name: string): Float64Array {
  const data = weights[name];
  if (data === undefined)
    throw configError("weights", `weight ${name} is missing; there are ${Object.keys(weights).join(", ")}`);
  return data;
}

/** Head names of a CfC mode. */
export const headsOf = (mode: string): readonly string[] =>
  mode === "pure" ? ["ff1"] : ["ff1", "ff2", "time_a", "time_b"];

/** Strength and effect of every drawn synapse: those from sensors first, then by source neuron. */
export function reportSynapses(circuit: Circuit, cell: InspectedCell, weights: Weights): SynapseReport[] {
  const measure = cell.kind === "cfc" ? measureCfc(circuit, cell, weights) : measureLtc(circuit, cell, weights);
  const list = (kind: "sensor" | "neuron", adjacency: Int8Array): SynapseReport[] =>
    Array.from(adjacency.keys())
      .filter((at) => adjacency[at] !== 0)
      .map((at) => {
        const from = { kind, index: Math.floor(at / circuit.units) };
        const to = at % circuit.units;
        return { from, to, polarity: adjacency[at]! as Polarity, ...measure(from, to) };
      });
  return [...list("sensor", circuit.sensoryAdjacency), ...list("neuron", circuit.adjacency)];
}

type Measure = (from: SynapseReport["from"], to: number) => Pick<SynapseReport, "strength" | "effect">;

function measureCfc(circuit: Circuit, cell: InspectedCell & { kind: "cfc" }, weights: Weights): Measure {
  const masks = cfcLayerMasks(circuit, cell);
  const heads = circuit.layers.map((_, layer) =>
    headsOf(cell.mode).map((head) => {
      const { heads: feed, time } = masks[layer]!;
      const isFeed = head.startsWith("ff");
      return {
        isFeed,
        w: maskWeights(weightOf(weights, `rnn_cell.layer_${layer}.${head}.weight`), isFeed ? feed : time),
      };
    }),
  );
  return (from, to) => {
    const layer = circuit.layers.findIndex((ids) => ids.includes(to));
    const column = columnOf(circuit, from, layer);
    if (column === null) return { strength: 0, effect: 0 };
    const ids = circuit.layers[layer]!;
    const width = heads[layer]![0]!.w.length / ids.length;
    const at = ids.indexOf(to) * width + column;
    return {
      strength: mean(heads[layer]!.map(({ w }) => Math.abs(w[at]!))),
      effect: mean(heads[layer]!.filter(({ isFeed }) => isFeed).map(({ w }) => w[at]!)),
    };
  };
}

/** Column of a source in a layer's weights; null when the layer does not read it. */
function columnOf(circuit: Circuit, from: SynapseReport["from"], layer: number): number | null {
  const previous = circuit.layers[layer - 1];
  const incoming = previous?.length ?? circuit.inputDim;
  if (from.kind === "sensor") return layer === 0 ? from.index : null;
  const own = circuit.layers[layer]!.indexOf(from.index);
  if (own !== -1) return incoming + own;
  const before = previous?.indexOf(from.index) ?? -1;
  return before === -1 ? null : before;
}

function measureLtc(circuit: Circuit, cell: InspectedCell & { kind: "ltc" }, weights: Weights): Measure {
  return (from, to) => {
    const front = from.kind === "sensor" ? "sensory_" : "";
    const adjacency = from.kind === "sensor" ? circuit.sensoryAdjacency : circuit.adjacency;
    const at = from.index * circuit.units + to;
    const strength = conductanceOf(weightOf(weights, `rnn_cell.${front}w`)[at]!, cell);
    const erev = weightOf(weights, `rnn_cell.${front}erev`)[at]!;
    return { strength, effect: strength * (cell.polarity === "signed" ? Math.abs(erev) * adjacency[at]! : erev) };
  };
}

/** A constrained LTC parameter as it acts. */
export const conductanceOf = (
  value: number,
  { implicitParamConstraints }: { readonly implicitParamConstraints: boolean },
): number => (implicitParamConstraints ? softplus(value) : value);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
