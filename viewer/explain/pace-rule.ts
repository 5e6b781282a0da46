import { buildWiring } from "../../src/ncp/index.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import { cfcPace } from "./cfc-pace.ts";
import { ltcPace } from "./ltc-pace.ts";
import type { PaceRule, TensorOf } from "./pace.ts";

/** The rule of a neuron, or null where there is no such neuron in a wired circuit. */
export function paceRule({ spec, tensors }: SavedPolicy, id: number): PaceRule | null {
  const { circuit } = spec;
  if (circuit.kind !== "cfc" && circuit.kind !== "ltc") return null;
  const drawn = buildWiring(circuit.wiring, circuit.inputDim);
  if (id < 0 || id >= drawn.units) return null;
  const data = new Map(tensors.map((t) => [t.name, t.data]));
  const tensor: TensorOf = (name) => data.get(`circuit.${name}`) ?? new Float32Array();
  return circuit.kind === "ltc" ? ltcPace(drawn, tensor, id) : cfcPace(drawn, circuit, tensor, id);
}
