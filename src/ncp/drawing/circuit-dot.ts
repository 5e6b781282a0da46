import type { Circuit } from "../circuit.ts";
import { circuitGraph } from "../graph.ts";
import { circuitColors } from "./circuit-colors.ts";
import { circuitColumns } from "./circuit-layout.ts";

/** A circuit as a Graphviz document: one rank per layer, excitatory synapses with arrows, inhibitory ones with bars. */
export function circuitDot(circuit: Circuit): string {
  const { nodes, edges } = circuitGraph(circuit);
  const ranks = circuitColumns(circuit).map((names) => `  { rank=same; ${names.map((name) => `${name};`).join(" ")} }`);
  const shapes = nodes.map(
    ({ name, kind, index }) =>
      `  ${name} [label="${kind[0]}${index}", fillcolor="${circuitColors[kind]}", tooltip="${kind} ${index}"];`,
  );
  const lines = edges.map(
    ({ source, destination, polarity }) =>
      `  ${source} -> ${destination} [color="${circuitColors[polarity]}", arrowhead=${polarity === "excitatory" ? "normal" : "tee"}];`,
  );
  const head = [
    "digraph circuit {",
    "  rankdir=LR;",
    '  node [shape=circle, style=filled, fontname="sans-serif", fontcolor=white];',
  ];
  return [...head, ...shapes, ...ranks, ...lines, "}", ""].join("\n");
}
