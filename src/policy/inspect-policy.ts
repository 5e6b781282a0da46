import {
  type Circuit,
  type CircuitInspection,
  type InspectedCell,
  type Weights,
  buildWiring,
  inspectCircuit,
} from "../ncp/index.ts";
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
  const weights: Record<string, Float64Array> = {};
  const otherParts: Record<string, number> = {};
  for (const { name, data } of saved.tensors) {
    if (name.startsWith(CIRCUIT)) weights[name.slice(CIRCUIT.length)] = Float64Array.from(data);
    else countPart(otherParts, name, data.length);
  }
  const report = inspectCircuit({
    circuit,
    cell,
    weights: weights satisfies Weights,
    sensorLabels: encoder.kind === "none" ? labels.obs : undefined,
    motorLabels: labels.actions,
    otherParts,
  });
  return { circuit, report };
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
