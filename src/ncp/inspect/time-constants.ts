import type { Circuit } from "../circuit.ts";
import { sigmoid } from "../equations/activation.ts";
import type { Weights } from "../equations/weights.ts";
import type { InspectedCell, TimeConstant } from "./inspection.ts";
import { conductanceOf, weightOf } from "./synapse-strength.ts";

/** Time constant of each neuron by id. */
export function timeConstants(circuit: Circuit, cell: InspectedCell, weights: Weights): TimeConstant[] {
  return Array.from({ length: circuit.units }, (_, id) =>
    cell.kind === "ltc" ? membrane(circuit, cell, weights, id) : cfcTime(circuit, cell, weights, id),
  );
}

function membrane(circuit: Circuit, cell: InspectedCell & { kind: "ltc" }, weights: Weights, id: number): TimeConstant {
  const value = (name: string, at: number): number => conductanceOf(weightOf(weights, `rnn_cell.${name}`)[at]!, cell);
  const [cm, leak] = [value("cm", id), value("gleak", id)];
  let open = leak;
  for (const [name, adjacency] of [
    ["w", circuit.adjacency],
    ["sensory_w", circuit.sensoryAdjacency],
  ] as const) {
    for (let at = id; at < adjacency.length; at += circuit.units) if (adjacency[at] !== 0) open += value(name, at);
  }
  return { kind: "membrane", slowest: cm / leak, fastest: cm / open };
}

function cfcTime(circuit: Circuit, cell: InspectedCell & { kind: "cfc" }, weights: Weights, id: number): TimeConstant {
  const layer = circuit.layers.findIndex((ids) => ids.includes(id));
  const row = circuit.layers[layer]!.indexOf(id);
  const value = (name: string): number => weightOf(weights, `rnn_cell.layer_${layer}.${name}`)[row]!;
  if (cell.mode === "pure")
    return { kind: "decay", atRest: 1 / (Math.abs(value("w_tau")) + Math.abs(value("ff1.bias"))) };
  const [a, b] = [value("time_a.bias"), value("time_b.bias")];
  return { kind: "gate", atRest: 1 / Math.abs(a), gateAtRest: sigmoid((cell.flavour === "keras" ? -a : a) + b) };
}
