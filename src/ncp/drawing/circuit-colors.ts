import type { GraphEdge, GraphNode } from "../graph.ts";

/** Colours of a circuit drawing: neurons by kind, synapses by polarity; chosen to stay apart for colour-blind readers. */
export const circuitColors: Readonly<Record<GraphNode["kind"] | GraphEdge["polarity"], string>> = {
  sensory: "#6b7280",
  inter: "#3b6fb6",
  command: "#7c4fb0",
  motor: "#b8860b",
  excitatory: "#0f8f6f",
  inhibitory: "#cf4520",
};
