import type { Circuit, NeuronKind, Polarity } from "../circuit.ts";
import type { CfcMode, Flavour } from "../equations/cfc-gate.ts";
import type { Masking, PolarityRule } from "../equations/cfc-masks.ts";
import type { Weights } from "../equations/weights.ts";

/** How a circuit's cell computes: what decides which weights matter and what they mean. */
export type InspectedCell =
  | {
      readonly kind: "cfc";
      readonly mode: CfcMode;
      readonly masking: Masking;
      readonly flavour: Flavour;
      readonly polarity: PolarityRule;
    }
  | { readonly kind: "ltc"; readonly implicitParamConstraints: boolean; readonly polarity: PolarityRule };

/** What an inspection looks at. */
export interface InspectionInput {
  readonly circuit: Circuit;
  readonly cell: InspectedCell;
  /** by reference name, such as "rnn_cell.layer_0.ff1.weight" or "rnn_cell.gleak" */
  readonly weights: Weights;
  /** names of the sensors, in order; `sensor 0`, … when absent */
  readonly sensorLabels?: readonly string[] | undefined;
  /** names of the motor neurons, in action order; `motor 0`, … when absent */
  readonly motorLabels?: readonly string[] | undefined;
  /** parameters outside the circuit by part, such as encoder and critic */
  readonly otherParts?: Readonly<Record<string, number>> | undefined;
}

/** Synapses at one end of a neuron, by polarity. */
export interface Degree {
  readonly excitatory: number;
  readonly inhibitory: number;
}

/** One neuron of the circuit. */
export interface NeuronReport {
  readonly id: number;
  readonly kind: NeuronKind;
  readonly label: string;
  /** index of its layer, nearest the sensors first */
  readonly layer: number;
  /** synapses that end here, `{ excitatory, inhibitory }` */
  readonly in: Degree;
  /** synapses that start here */
  readonly out: Degree;
  readonly timeConstant: TimeConstant;
}

/** Numbers of one part: stored, and those that can act (not masked away). */
export interface ParameterCount {
  /** such as `layer 0 (inter)` of a CfC, `synapses` or `neurons` of an LTC, or a name from `otherParts` */
  readonly part: string;
  readonly stored: number;
  readonly active: number;
}

/** How much of a motor neuron's drive comes from one sensor. */
export interface SensorShare {
  /** index */
  readonly sensor: number;
  readonly label: string;
  /**
   * Probability, 0 .. 1, of ending at this sensor when walking back from the motor neuron along synapses chosen in
   * proportion to their strength.
   */
  readonly share: number;
  /** average sign of those walks, -1 .. 1: the product of the signs of their synapses' effects */
  readonly sign: number;
  /** synapses on the shortest path, at least 1; null when no path exists */
  readonly hops: number | null;
}

/** What reaches one motor neuron. */
export interface ReceptiveField {
  /** neuron id, which is the action's index */
  readonly motor: number;
  readonly label: string;
  /** what each sensor contributes */
  readonly sensors: readonly SensorShare[];
}

/** Everything that `inspectCircuit` and `elegans inspect` report about a circuit; plain JSON data. */
export interface CircuitInspection {
  readonly cell: InspectedCell;
  /** by index, with the synapses that start there */
  readonly sensors: readonly { readonly index: number; readonly label: string; readonly out: Degree }[];
  /** nearest the sensors first: neuron ids and the kinds among them */
  readonly layers: readonly { readonly ids: readonly number[]; readonly kinds: readonly NeuronKind[] }[];
  /** by id */
  readonly neurons: readonly NeuronReport[];
  /** from sensors first, then by source neuron */
  readonly synapses: readonly SynapseReport[];
  /** by part of the model */
  readonly parameters: readonly ParameterCount[];
  /** one per motor neuron, in action order */
  readonly receptiveFields: readonly ReceptiveField[];
}

/** Names of sensors and neurons: given ones, or kind and index. */
export interface CircuitLabels {
  readonly sensors: readonly string[];
  /** by neuron id */
  readonly neurons: readonly string[];
}

/** One drawn synapse with what training made of it. */
export interface SynapseReport {
  readonly from: { readonly kind: "sensor" | "neuron"; readonly index: number };
  /** neuron id */
  readonly to: number;
  /** as drawn */
  readonly polarity: Polarity;
  /** CfC: mean magnitude of the synapse's weights over the heads; LTC: conductance. 0 where the cell does not compute it */
  readonly strength: number;
  /** CfC: mean weight in ff1 and ff2, signs applied; LTC: conductance times reversal potential */
  readonly effect: number;
}

/** How fast a neuron changes, in nominal control periods; Infinity (written as null in JSON) never. */
export type TimeConstant =
  | {
      readonly kind: "membrane";
      /** cm / gleak: all synapses silent */
      readonly slowest: number;
      /** cm / (gleak + all incoming conductances): all synapses open */
      readonly fastest: number;
    }
  | {
      readonly kind: "gate";
      /** 1 / |time_a|: elapsed time over which the gate's odds change e-fold, with inputs and state at zero */
      readonly atRest: number;
      /** the gate s after one period, inputs and state at zero: 0 keeps to ff1, 1 to ff2 */
      readonly gateAtRest: number;
    }
  | {
      readonly kind: "decay";
      /** 1 / (|w_tau| + |ff1|), inputs and state at zero */
      readonly atRest: number;
    };
