import type { Circuit, NeuronKind } from "./circuit.ts";

/** A neuron or sensor of a circuit, named as in the reference: `neuron_ID` or `sensory_INDEX`. */
export interface GraphNode {
  readonly name: string;
  readonly kind: NeuronKind | "sensory";
  /** neuron id, or index of the sensor */
  readonly index: number;
}

/** A synapse of a circuit. */
export interface GraphEdge {
  /** name of the node it starts from */
  readonly source: string;
  /** name of the neuron it ends at */
  readonly destination: string;
  readonly polarity: "excitatory" | "inhibitory";
}

/** A circuit as nodes and edges: neurons by id, then sensors; synapses by source in the same order. */
export interface CircuitGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** The nodes and edges of a circuit, sensors included unless told otherwise: what ncps' `Wiring.get_graph` gives. */
export function circuitGraph(circuit: Circuit, options: { readonly sensors?: boolean } = {}): CircuitGraph {
  const { units, inputDim } = circuit;
  const neurons = Array.from({ length: units }, (_, index) => ({
    name: `neuron_${index}`,
    kind: circuit.neuronKind(index),
    index,
  }));
  const edges = listEdges("neuron_", circuit.adjacency, units);
  if (options.sensors === false) return { nodes: neurons, edges };
  const sensors = Array.from({ length: inputDim }, (_, index) => ({
    name: `sensory_${index}`,
    kind: "sensory" as const,
    index,
  }));
  return {
    nodes: [...neurons, ...sensors],
    edges: [...edges, ...listEdges("sensory_", circuit.sensoryAdjacency, units)],
  };
}

function listEdges(prefix: string, adjacency: Int8Array, units: number): GraphEdge[] {
  const edges: GraphEdge[] = [];
  adjacency.forEach((polarity, at) => {
    if (polarity === 0) return;
    edges.push({
      source: `${prefix}${Math.floor(at / units)}`,
      destination: `neuron_${at % units}`,
      polarity: polarity > 0 ? "excitatory" : "inhibitory",
    });
  });
  return edges;
}
