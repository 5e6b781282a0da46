import type { Circuit } from "../circuit.ts";
import { cfcLayerMasks } from "../equations/cfc-masks.ts";
import type { Weights } from "../equations/weights.ts";
import type { InspectedCell, ParameterCount } from "./inspection.ts";

/** Parameters of a circuit by part: layers of a wired CfC, groups of an LTC, then what else the weights hold. */
export function countParameters(circuit: Circuit, cell: InspectedCell, weights: Weights): ParameterCount[] {
  const parts = new Map<string, { stored: number; active: number }>();
  const masks = cell.kind === "cfc" ? cfcLayerMasks(circuit, cell) : null;
  for (const [name, data] of Object.entries(weights)) {
    if (name.endsWith("sparsity_mask")) continue;
    const part = partOf(name, circuit);
    const counted = parts.get(part) ?? { stored: 0, active: 0 };
    counted.stored += data.length;
    counted.active += numActive(name, data.length, circuit, masks);
    parts.set(part, counted);
  }
  return [...parts].map(([part, count]) => ({ part, ...count }));
}

function partOf(name: string, circuit: Circuit): string {
  const layer = /^rnn_cell\.layer_(\d+)\./.exec(name)?.[1];
  if (layer !== undefined) {
    const kinds = [...new Set(circuit.layers[Number(layer)]?.map((id) => circuit.neuronKind(id)) ?? [])];
    return `layer ${layer} (${kinds.join(" and ")})`;
  }
  if (name.startsWith("lstm.")) return "memory";
  if (name.startsWith("fc.")) return "projection";
  if (name.startsWith("rnn_cell.sensory_")) return "sensory synapses";
  if (/^rnn_cell\.(?:w|sigma|mu|erev)$/.test(name)) return "synapses";
  if (/^rnn_cell\.(?:input|output)_[wb]$/.test(name)) return "mappings";
  return name.startsWith("rnn_cell.") ? "neurons" : name.split(".")[0]!;
}

/** Entries of a weight that masks let through. */
function numActive(
  name: string,
  length: number,
  circuit: Circuit,
  masks: ReturnType<typeof cfcLayerMasks> | null,
): number {
  const nonZero = (values: ArrayLike<number>): number => Array.from(values).filter((value) => value !== 0).length;
  const head = /^rnn_cell\.layer_(\d+)\.(ff[12]|time_[ab])\.weight$/.exec(name);
  if (head !== null && masks !== null) {
    const { heads, time } = masks[Number(head[1])]!;
    const mask = head[2]!.startsWith("ff") ? heads : time;
    return mask === null ? length : nonZero(mask.scale);
  }
  const synaptic = /^rnn_cell\.(sensory_)?(?:w|sigma|mu|erev)$/.exec(name);
  if (synaptic === null) return length;
  return nonZero(synaptic[1] === undefined ? circuit.adjacency : circuit.sensoryAdjacency);
}
