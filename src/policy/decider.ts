import {
  type BackboneDropout,
  Cfc,
  Dense,
  type DifferentiableSignal,
  Gru,
  Lstm,
  Ltc,
  type MemoryPlan,
  Mlp,
  type ParameterBlock,
  type RecurrentLayer,
  type Signal,
  type Uniform,
  WiredCfc,
} from "../engine/index.ts";
import { buildWiring } from "../ncp/index.ts";
import type { CircuitSpec } from "./policy-spec.ts";

/** From features to motor neurons: a circuit with state or a layered network without, and a dense read-out where there is no wiring. */
export interface Decider {
  /** the part with state; null where there is none */
  readonly recurrent: RecurrentLayer | null;
  /** null where the circuit has none */
  readonly dropout: BackboneDropout | null;
  /** [rows, A] motor neurons */
  readonly motor: DifferentiableSignal;
  initialize(uniform: Uniform): void;
  prepare(): void;
  forward(T: number, B: number): void;
  step(N: number): void;
  backward(T: number, B: number): void;
}

/** What a deciding part must be able to hold. */
export interface DeciderSize {
  readonly maxBatch: number;
  /** whether steps may be padding */
  readonly hasPadding: boolean;
}

/** Builds the deciding part of a policy; `features` are its inputs, A motor neurons its outputs. */
export function createDecider(
  plan: MemoryPlan,
  block: ParameterBlock,
  circuit: CircuitSpec,
  features: Signal,
  A: number,
  { maxBatch, hasPadding }: DeciderSize,
): Decider {
  const name = "circuit.rnn_cell";
  const memory = "mixedMemory" in circuit && circuit.mixedMemory ? { memoryName: "circuit.lstm" } : {};
  const common = { name, input: features, maxBatch, hasPadding };
  switch (circuit.kind) {
    case "cfc": {
      const { masking, mode, flavour, polarity, wiring, inputDim } = circuit;
      const drawn = buildWiring(wiring, inputDim);
      return wired(
        new WiredCfc(plan, block, { ...common, circuit: drawn, masking, mode, flavour, polarity, ...memory }),
      );
    }
    case "ltc": {
      const drawn = buildWiring(circuit.wiring, circuit.inputDim);
      const { unfolds, initializationRanges: ranges } = circuit;
      const initial = ranges === undefined ? {} : { initializationRanges: ranges };
      // The policy's own scale and bias per motor neuron take the place of LTC's output mapping.
      return wired(
        new Ltc(plan, block, { ...common, circuit: drawn, outputMapping: "none", unfolds, ...initial, ...memory }),
      );
    }
    case "cfc-dense": {
      const { units, mode, backboneUnits, backboneLayers, backboneDropout = 0 } = circuit;
      const backbone = { backboneUnits, backboneLayers, backboneDropout };
      const cell = new Cfc(plan, block, { ...common, units, mode, ...backbone });
      return { ...readOut(plan, block, cell, A), dropout: cell.dropout };
    }
    case "lstm":
      return readOut(plan, block, new Lstm(plan, block, { ...common, name: "circuit.lstm", units: circuit.units }), A);
    case "gru":
      return readOut(plan, block, new Gru(plan, block, { ...common, name: "circuit.gru", units: circuit.units }), A);
    case "mlp":
      return stateless(
        new Mlp(plan, block, {
          name: "circuit",
          input: features,
          hiddenSizes: circuit.hidden,
          outputSize: A,
          activation: circuit.activation,
          outputGain: 0.01,
        }),
      );
    default:
      return circuit satisfies never;
  }
}

/** The motor neurons are the circuit's own. */
function wired(circuit: RecurrentLayer): Decider {
  return {
    recurrent: circuit,
    dropout: null,
    motor: circuit.output,
    initialize: (uniform) => circuit.initialize(uniform),
    prepare: () => circuit.prepare(),
    forward: (T, B) => circuit.forward(T, B),
    step: (N) => circuit.step(N),
    backward: (T, B) => circuit.backward(T, B),
  };
}

/** The hidden vector goes through one dense layer. */
function readOut(plan: MemoryPlan, block: ParameterBlock, cell: RecurrentLayer, A: number): Decider {
  const out = new Dense(plan, block, { name: "circuit.readout", input: cell.output, outputSize: A });
  return {
    recurrent: cell,
    dropout: null,
    motor: out.output,
    initialize(uniform) {
      cell.initialize(uniform);
      out.initialize(uniform);
    },
    prepare() {
      cell.prepare();
      out.prepare();
    },
    forward(T, B) {
      cell.forward(T, B);
      out.forward(T * B);
    },
    step(N) {
      cell.step(N);
      out.forward(N);
    },
    backward(T, B) {
      out.backward(T * B);
      cell.backward(T, B);
    },
  };
}

function stateless(mlp: Mlp): Decider {
  return {
    recurrent: null,
    dropout: null,
    motor: mlp.output,
    initialize: (uniform) => mlp.initialize(uniform),
    prepare: () => mlp.prepare(),
    forward: (T, B) => mlp.forward(T * B),
    step: (N) => mlp.forward(N),
    backward: (T, B) => mlp.backward(T * B),
  };
}
