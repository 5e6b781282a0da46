import type * as tf from "@tensorflow/tfjs";
import { buildWiring } from "../ncp/index.ts";
import type { CircuitSpec } from "../policy/policy-spec.ts";
import { cfcEquations } from "./cfc-equations.ts";
import { withMixedMemory } from "./compositions.ts";
import type { CellEquations, ReadWeight } from "./equations.ts";
import { gruEquations, lstmEquations } from "./gated-equations.ts";
import { ltcEquations } from "./ltc-equations.ts";
import type { CfcOptions } from "./options.ts";
import { torchName } from "./reference-weights.ts";

/** The recurrent part of a policy as tf equations. */
export interface PolicyCircuit {
  readonly equations: CellEquations;
  /** neuron ids in the order of the equations' state */
  readonly order: readonly number[];
  /** which of the equations' states are the neurons, and which the mixed memory (null: none) */
  readonly hidden: number;
  readonly memory: number | null;
  /** whether a dense layer makes the motor neurons from the output */
  readonly hasReadOut: boolean;
}

/** The equations of a policy's circuit with the semantics of our kernels; null for one without state. */
export function policyCircuit(circuit: CircuitSpec): PolicyCircuit | null {
  switch (circuit.kind) {
    case "cfc": {
      const { wiring, inputDim, masking, mode, flavour, polarity, mixedMemory } = circuit;
      const { layers } = buildWiring(wiring, inputDim);
      const make = (dim: number): CellEquations =>
        cfcEquations({ units: wiring, masking, mode, flavour, polarity } as CfcOptions, dim);
      return withMemory(make, { inputDim, order: layers.flat(), flavour, mixedMemory });
    }
    case "ltc": {
      const { wiring, inputDim, unfolds, mixedMemory } = circuit;
      // first weights are the kernels' to draw
      const options = { units: wiring, outputMapping: "none", odeUnfolds: unfolds, flavour: "torch" } as const;
      const { units } = buildWiring(wiring, inputDim);
      const make = (dim: number): CellEquations => ltcEquations(options, dim);
      return withMemory(make, { inputDim, order: range(units), flavour: "torch", mixedMemory });
    }
    case "cfc-dense": {
      const { units, inputDim, mode, backboneUnits, backboneLayers, backboneDropout = 0 } = circuit;
      const options = { units, mode, backboneUnits, backboneLayers, backboneDropout, flavour: "torch" } as const;
      return dense(cfcEquations(options, inputDim), units);
    }
    case "lstm":
      return dense(lstmEquations(circuit.inputDim, circuit.units), 2 * circuit.units);
    case "gru":
      return dense(gruEquations(circuit.inputDim, circuit.units), circuit.units);
    case "mlp":
      return null;
    default:
      return circuit satisfies never;
  }
}

interface Memory {
  readonly inputDim: number;
  readonly order: readonly number[];
  readonly flavour: "torch" | "keras";
  readonly mixedMemory: boolean;
}

function withMemory(
  make: (dim: number) => CellEquations,
  { inputDim, order, flavour, mixedMemory }: Memory,
): PolicyCircuit {
  if (!mixedMemory) return { equations: make(inputDim), order, hidden: 0, memory: null, hasReadOut: false };
  const equations = withMixedMemory(make, order.length, inputDim, flavour);
  const [hidden, memory] = flavour === "torch" ? [0, 1] : [1, 0];
  return { equations, order, hidden, memory, hasReadOut: false };
}

const dense = (equations: CellEquations, stateSize: number): PolicyCircuit => ({
  equations,
  order: range(stateSize),
  hidden: 0,
  memory: null,
  hasReadOut: true,
});

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/**
 * How the equations read their weights from those of a policy file, which are in PyTorch's layout: kernels are turned, once per pass and
 * seen by autodiff.
 */
export function circuitReader(
  { weights }: CellEquations,
  read: (name: string) => tf.Tensor,
  transpose: (x: tf.Tensor) => tf.Tensor,
  hasDropout: boolean,
): ReadWeight {
  const turned = new Map(
    weights.map((spec) => {
      const value = read(`circuit.${fileName(torchName(spec), hasDropout)}`);
      return [spec.name, spec.isKernel ? transpose(value) : value] as const;
    }),
  );
  return (name) => turned.get(name)!;
}

/** PyTorch counts dropout among the parts of a backbone: layer i > 1 moves up by i - 1. */
const fileName = (name: string, hasDropout: boolean): string =>
  hasDropout
    ? name.replace(/backbone\.(\d+)/, (_, part) => `backbone.${Number(part) + Math.max(0, Number(part) / 2 - 1)}`)
    : name;
