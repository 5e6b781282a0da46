import { FormatError } from "../../errors.ts";
import { actionSize, obsSize } from "../../policy/policy-spec.ts";
import type { SavedPolicy } from "../../policy/saved-policy.ts";
import { encoderGraph } from "./encoder-graph.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { circuitGraph, stateSize } from "./circuit-graph.ts";
import type { StepGraph } from "./step-graph.ts";
import { namedWeights } from "./named-weights.ts";

/**
 * One step of a policy as a graph, with weights as they act: masks applied, constraints resolved. The critic is left out.
 *
 * The state is every neuron by id (motor first); memories of mixed-memory circuits and the cell state of an LSTM follow. It is zero
 * where an episode starts. Throws FormatError where a tensor of the policy is missing or misshapen.
 */
export function policyGraph(saved: SavedPolicy): StepGraph {
  const { spec } = saved;
  const weights = namedWeights(saved);
  const g = new GraphBuilder();
  const inputs = { obs: obsSize(spec), state: stateSize(spec.circuit), elapsed: 1 };
  const obs = g.input("obs", inputs.obs);
  const state = inputs.state === 0 ? null : g.input("state", inputs.state);
  const elapsed = g.input("elapsed", 1);
  const features = encoderGraph(g, spec, weights, obs);
  const { motor, nextState } = circuitGraph(g, spec, weights, { features, state, elapsed });
  const logits = g.add(g.mul(motor, weights("actor.scale")), weights("actor.bias"));
  checkSize(logits.size, actionSize(spec));
  return { nodes: g.nodes, inputs, logits, nextState };
}

function checkSize(size: number, expected: number): void {
  if (size !== expected)
    throw new FormatError("policy-tensors", `policy file: ${size} motor neurons for ${expected} actions`);
}
