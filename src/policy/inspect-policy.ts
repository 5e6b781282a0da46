import {
  type Circuit,
  type CircuitInspection,
  type InspectedCell,
  type Weights,
  type SynapseReport,
  buildWiring,
  inspectCircuit,
} from "../ncp/index.ts";
import { reportSynapses } from "../ncp/inspect/synapse-strength.ts";
import type { CircuitSpec } from "./policy-spec.ts";
import type { SavedPolicy } from "./saved-policy.ts";

/** Names of what a policy sees and does, in order. */
export interface PolicyLabels {
  /** of the observation's entries; used where the observation goes straight into the sensory neurons */
  readonly obs?: readonly string[] | undefined;
  readonly actions?: readonly string[] | undefined;
}

const CIRCUIT = "circuit.";

/** The circuit of a saved policy with its report, or null for a policy without a circuit. */
export function inspectPolicy(
  saved: SavedPolicy,
  labels: PolicyLabels = {},
): { readonly circuit: Circuit; readonly report: CircuitInspection } | null {
  const { circuit: spec, encoder } = saved.spec;
  const cell = inspectedCell(spec);
  if (cell === null || !("wiring" in spec)) return null;
  const circuit = buildWiring(spec.wiring, spec.inputDim);
  const weights = circuitWeights(saved);
  const otherParts: Record<string, number> = {};
  for (const { name, data } of saved.tensors) if (!name.startsWith(CIRCUIT)) countPart(otherParts, name, data.length);
  const report = inspectCircuit({
    circuit,
    cell,
    weights,
    sensorLabels: encoder.kind === "none" ? labels.obs : undefined,
    motorLabels: labels.actions,
    otherParts,
  });
  return { circuit, report };
}

/** What training made of every drawn synapse, or null for a policy without a circuit. Throws ConfigError where a weight is missing. */
export function inspectSynapses(saved: SavedPolicy, circuit: Circuit): SynapseReport[] | null {
  const cell = inspectedCell(saved.spec.circuit);
  return cell === null ? null : reportSynapses(circuit, cell, circuitWeights(saved));
}

function circuitWeights({ tensors }: SavedPolicy): Weights {
  const ofCircuit = tensors.filter(({ name }) => name.startsWith(CIRCUIT));
  return Object.fromEntries(ofCircuit.map(({ name, data }) => [name.slice(CIRCUIT.length), Float64Array.from(data)]));
}

/** How a policy's circuit computes; null for networks without a wired circuit. */
function inspectedCell(spec: CircuitSpec): InspectedCell | null {
  if (spec.kind === "ltc") return { kind: "ltc", implicitParamConstraints: true, polarity: "free" };
  if (spec.kind !== "cfc") return null;
  const { kind, mode, masking, flavour, polarity } = spec;
  return { kind, mode, masking, flavour, polarity };
}

function countPart(parts: Record<string, number>, name: string, count: number): void {
  const part = name.split(".")[0]!;
  if (part !== "normalizer") parts[part] = (parts[part] ?? 0) + count;
}
