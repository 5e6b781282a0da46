/** What a neuron of the circuit is for. Sensory neurons are inputs, not part of the state. */
export type NeuronKind = "inter" | "command" | "motor";

/** +1 excitatory, -1 inhibitory. */
export type Polarity = 1 | -1;

/**
 * A drawn circuit as plain data: a signed directed graph over `units` neurons and `inputDim` sensors.
 *
 * Motor neurons always have the lowest ids, 0 .. outputDim - 1, in action order.
 */
export interface Circuit {
  /** number of neurons, motor neurons included (H) */
  readonly units: number;
  /** number of sensors (D) */
  readonly inputDim: number;
  /** number of motor neurons (M); ids 0 .. M - 1 */
  readonly outputDim: number;
  /** neuron ids per layer in the order a wired CfC computes them, nearest the input first */
  readonly layers: readonly (readonly number[])[];
  /** [units, units] row-major, entry [src * units + dest]: 0 no synapse, +1 excitatory, -1 inhibitory */
  readonly adjacency: Int8Array;
  /** [inputDim, units] row-major, entry [sensor * units + dest]: 0, +1 or -1 as in `adjacency` */
  readonly sensoryAdjacency: Int8Array;
  /** Kind of the neuron with this id. Throws RangeError on another id. */
  neuronKind(id: number): NeuronKind;
}

/** What `createCircuit` is made from: a circuit with the kinds of its neurons as a list by id. */
export interface CircuitParts extends Omit<Circuit, "neuronKind"> {
  /** kind by neuron id, `units` entries */
  readonly kinds: readonly NeuronKind[];
}

/** A circuit from plain data, without a wiring. The arrays are taken over, neither copied nor checked. */
export function createCircuit({ kinds, ...data }: CircuitParts): Circuit {
  const neuronKind = (id: number): NeuronKind => {
    const kind = kinds[id];
    if (kind === undefined) throw new RangeError(`neuron ${id} is not in 0 .. ${data.units - 1}`);
    return kind;
  };
  return { ...data, neuronKind };
}

/** Number of synapses between neurons (self-connections count once). */
export const synapseCount = (circuit: Pick<Circuit, "adjacency">): number => countSynapses(circuit.adjacency);

/** Number of synapses from sensors to neurons. */
export const sensorySynapseCount = (circuit: Pick<Circuit, "sensoryAdjacency">): number =>
  countSynapses(circuit.sensoryAdjacency);

/** Number of non-zero entries of a signed adjacency matrix. */
export function countSynapses(adjacency: Int8Array): number {
  let count = 0;
  for (const polarity of adjacency) if (polarity !== 0) count++;
  return count;
}
