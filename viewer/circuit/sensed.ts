import type { CircuitDescription } from "../../src/protocol/index.ts";

const NOTHING = new Float32Array();

/** What the sensory neurons show of an observation: itself, or nothing where an encoder stands between, whose features are not recorded. */
export function sensedOf(circuit: CircuitDescription | null, obs: Float32Array | null): Float32Array {
  return circuit !== null && obs?.length === circuit.numInputs ? obs : NOTHING;
}
