import { type Circuit, type Masking, type PolarityRule, cfcLayerMasks } from "../../ncp/index.ts";

export type { Masking, PolarityRule };
/** A drawn circuit. */
export type CircuitShape = Circuit;

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

/**
 * Masks of every layer of a circuit (`cfcLayerMasks`) as the kernels take them. `signed` keeps the polarity of synapses (Keras semantics)
 * instead of their absolute value. Throws ConfigError for strict masking of a circuit whose synapses skip layers.
 */
export function circuitMasks(circuit: CircuitShape, masking: Masking, signed = false): readonly LayerMasks[] {
  const flavour = signed ? "keras" : "torch";
  const free = cfcLayerMasks(circuit, { masking, flavour, polarity: "free" });
  const drawn = cfcLayerMasks(circuit, { masking, flavour, polarity: "signed" });
  return circuit.layers.map((ids, layer) => {
    const { heads, time } = free[layer]!;
    const { scale, magnitude } = drawn[layer]!.heads;
    return {
      ids,
      numInputs: scale.length / ids.length - ids.length,
      heads: Float32Array.from(heads.scale),
      timeGates: time === null ? new Float32Array(scale.length).fill(1) : Float32Array.from(time.scale),
      polarities: Float32Array.from(scale, (polarity, i) => polarity * magnitude![i]!), // signed masks have one
    };
  });
}

/** Whether each of a layer's H neurons sees of the layer's state only its own. */
export function hasDiagonalRecurrence({ numInputs, heads, timeGates }: LayerMasks, H: number): boolean {
  const width = numInputs + H;
  const isSynapse = (_: number, at: number): boolean => {
    const [to, from] = [Math.floor(at / width), (at % width) - numInputs];
    return from >= 0 && from !== to && (heads[at] !== 0 || timeGates[at] !== 0);
  };
  return !heads.some(isSynapse);
}
