import type { Weights } from "../equations/weights.ts";
import type { RecurrentModel } from "../models/recurrent-model.ts";
import { inspectCircuit } from "./inspect-circuit.ts";
import type { CircuitInspection, InspectedCell, InspectionInput } from "./inspection.ts";

/** Names of what a model reads and gives, in order. */
export type ModelLabels = Pick<InspectionInput, "sensorLabels" | "motorLabels">;

/**
 * `inspectCircuit` for a model from `createModel` or `decodeModel`; null for one without a circuit (a fully connected CfC, LSTM or GRU).
 * Throws ConfigError (`ncp-weights`) when a weight is missing.
 */
export function inspectModel(
  { config, circuit }: RecurrentModel,
  weights: Weights,
  labels: ModelLabels = {},
): CircuitInspection | null {
  if (circuit === null) return null;
  // behind a keras memory the sensors read the memory, not the input
  const isBehindMemory = "mixedMemory" in config && config.mixedMemory && config.flavour === "keras";
  const sensorLabels = isBehindMemory ? undefined : labels.sensorLabels;
  return inspectCircuit({ circuit, cell: inspectedCell(config), weights, ...labels, sensorLabels });
}

function inspectedCell(config: RecurrentModel["config"]): InspectedCell {
  switch (config.kind) {
    case "cfc": {
      const { kind, mode, masking, flavour, polarity } = config;
      return { kind, mode, masking, flavour, polarity };
    }
    case "ltc": {
      const { kind, polarity, flavour, implicitParamConstraints = flavour === "torch" } = config;
      return { kind, implicitParamConstraints, polarity };
    }
    case "lstm":
    case "gru":
      throw new Error(`internal: a ${config.kind} has no circuit`);
    default:
      return config satisfies never;
  }
}
