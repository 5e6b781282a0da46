/** The part of a built circuit that a wired layer needs; `src/ncp` makes it. Matrices are row-major [source, destination], entries -1, 0, 1. */
export interface CircuitShape {
  readonly units: number;
  readonly inputDim: number;
  readonly outputDim: number;
  /** neuron ids of each layer, in the order signals pass: inter, command, motor */
  readonly layers: readonly (readonly number[])[];
  readonly adjacency: ArrayLike<number>;
  readonly sensoryAdjacency: ArrayLike<number>;
}

/**
 * `ncps`: as the reference library, incoming synapses of ff1 and ff2 follow the circuit, time gates and recurrence within a layer are dense.
 * `strict`: all four heads have exactly the drawn synapses (incoming, and within the layer) plus each neuron's own previous state.
 */
export type Masking = "ncps" | "strict";

/** Masks of one layer in torch layout [H, inputs + H], entry -1, 0 or 1 (never negative unless signed). */
export interface LayerMasks {
  readonly ids: readonly number[];
  /** columns before the layer's own state: sensors or neurons of the layer before */
  readonly numInputs: number;
  /** of ff1 and ff2 */
  readonly heads: Float32Array;
  /** of time_a and time_b */
  readonly timeGates: Float32Array;
  /** polarity of every drawn synapse of ff1 and ff2, 0 where none is drawn */
  readonly polarities: Float32Array;
}

/** `free`: weights take any sign; `signed`: those of ff1 and ff2 (in an LTC the reversal potentials) count as |w| times the synapse's polarity. */
export type PolarityRule = "free" | "signed";

/** Masks of every layer of a circuit. `signed` keeps the polarity of synapses (Keras semantics) instead of their absolute value. */
export function circuitMasks(circuit: CircuitShape, masking: Masking, signed = false): readonly LayerMasks[] {
  return circuit.layers.map((ids, index) => {
    const sources = index === 0 ? null : circuit.layers[index - 1]!;
    const numInputs = sources?.length ?? circuit.inputDim;
    const width = numInputs + ids.length;
    const heads = new Float32Array(ids.length * width);
    const timeGates = new Float32Array(ids.length * width);
    const polarities = new Float32Array(ids.length * width);
    const polarity = (value: number): number => (signed ? value : Math.abs(value));
    ids.forEach((dest, row) => {
      for (let i = 0; i < numInputs; i++) {
        const synapse = sources
          ? circuit.adjacency[sources[i]! * circuit.units + dest]!
          : circuit.sensoryAdjacency[i * circuit.units + dest]!;
        heads[row * width + i] = polarity(synapse);
        polarities[row * width + i] = synapse;
        timeGates[row * width + i] = masking === "ncps" ? 1 : Math.abs(synapse);
      }
      ids.forEach((source, j) => {
        const synapse = circuit.adjacency[source * circuit.units + dest]!;
        const at = row * width + numInputs + j;
        heads[at] = masking === "ncps" ? 1 : source === dest && synapse === 0 ? 1 : polarity(synapse);
        timeGates[at] = masking === "ncps" || source === dest ? 1 : Math.abs(synapse);
        polarities[at] = synapse;
      });
    });
    return { ids, numInputs, heads, timeGates, polarities };
  });
}
