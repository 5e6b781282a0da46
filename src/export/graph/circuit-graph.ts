import { buildWiring } from "../../ncp/index.ts";
import type { CircuitSpec, PolicySpec } from "../../policy/policy-spec.ts";
import { cfcCellStep, wiredCfcStep } from "./cfc-graph.ts";
import { denseLayers } from "./encoder-graph.ts";
import { gruStep, lstmStep, memoryStep } from "./gated-graph.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { ltcStep } from "./ltc-graph.ts";
import type { NamedWeights } from "./named-weights.ts";
import type { StepNode } from "./step-graph.ts";

/** What a circuit reads in a step. */
export interface CircuitInputs {
  readonly features: StepNode;
  /** null for networks without state */
  readonly state: StepNode | null;
  readonly elapsed: StepNode;
}

/** What a circuit gives in a step. */
export interface CircuitOutputs {
  readonly motor: StepNode;
  readonly nextState: StepNode | null;
}

/** Numbers in the state of a circuit between steps, memories included. */
export function stateSize(circuit: CircuitSpec): number {
  switch (circuit.kind) {
    case "cfc":
    case "ltc": {
      const { units } = buildWiring(circuit.wiring, circuit.inputDim);
      return circuit.mixedMemory ? 2 * units : units;
    }
    case "lstm":
      return 2 * circuit.units;
    case "cfc-dense":
    case "gru":
      return circuit.units;
    case "mlp":
      return 0;
    default:
      return circuit satisfies never;
  }
}

/** From features to motor neurons, and the state for the next step. */
export function circuitGraph(
  g: GraphBuilder,
  { circuit }: PolicySpec,
  weights: NamedWeights,
  inputs: CircuitInputs,
): CircuitOutputs {
  const { features, elapsed } = inputs;
  const state = inputs.state!; // only `mlp` has none
  switch (circuit.kind) {
    case "cfc":
    case "ltc":
      return wiredCircuit(g, circuit, weights, { features, state, elapsed });
    case "cfc-dense":
      return readOut(g, weights, cfcCellStep(g, circuit, weights, { features, state, elapsed }));
    case "lstm": {
      const { h, c } = lstmStep(g, weights, features, state, circuit.units);
      return { motor: readOut(g, weights, h).motor, nextState: g.concat(h, c) };
    }
    case "gru":
      return readOut(g, weights, gruStep(g, weights, features, state, circuit.units));
    case "mlp": {
      const { hidden, activation } = circuit;
      return {
        motor: denseLayers(g, weights, "circuit", features, { hidden: hidden.length, f: activation }),
        nextState: null,
      };
    }
    default:
      return circuit satisfies never;
  }
}

/** The motor neurons are the circuit's own, the lowest ids; a memory sits before the circuit where there is one. */
function wiredCircuit(
  g: GraphBuilder,
  circuit: Extract<CircuitSpec, { kind: "cfc" | "ltc" }>,
  weights: NamedWeights,
  { features, state, elapsed }: CircuitInputs & { readonly state: StepNode },
): CircuitOutputs {
  const drawn = buildWiring(circuit.wiring, circuit.inputDim);
  const H = drawn.units;
  const step = (from: StepNode): StepNode =>
    circuit.kind === "cfc"
      ? wiredCfcStep(g, circuit, drawn, weights, { features, state: from, elapsed })
      : ltcStep(g, circuit, drawn, weights, { features, state: from, elapsed });
  if (!circuit.mixedMemory) {
    const next = step(state);
    return { motor: g.slice(next, 0, drawn.outputDim), nextState: next };
  }
  const order = circuit.kind === "cfc" ? drawn.layers.flat() : Array.from({ length: H }, (_, id) => id);
  const memory = memoryStep(g, weights, features, { h: g.slice(state, 0, H), c: g.slice(state, H, H), order });
  const next = step(memory.h);
  return { motor: g.slice(next, 0, drawn.outputDim), nextState: g.concat(next, memory.c) };
}

/** One dense layer from the hidden vector to the motor neurons. */
function readOut(g: GraphBuilder, weights: NamedWeights, hidden: StepNode): CircuitOutputs {
  return {
    motor: g.linear(hidden, weights("circuit.readout.weight"), weights("circuit.readout.bias")),
    nextState: hidden,
  };
}
