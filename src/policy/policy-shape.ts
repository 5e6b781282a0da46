import { MemoryPlan } from "../engine/index.ts";
import { PolicyNetwork } from "./policy-network.ts";
import type { PolicySpec } from "./policy-spec.ts";

/** Sizes of a policy that follow from its spec alone. */
export interface PolicyShape {
  /** trainable numbers */
  readonly numParameters: number;
  /** numbers of the flat parameter vector, padding included */
  readonly vectorLength: number;
  /** neurons (H) */
  readonly stateSize: number;
}

/** Measures a spec without creating an engine. */
export function policyShape(spec: PolicySpec): PolicyShape {
  const { parameters, stateSize } = new PolicyNetwork(new MemoryPlan(), spec, { maxRows: 1, maxBatch: 1 });
  return { numParameters: parameters.numParameters, vectorLength: parameters.length, stateSize };
}
