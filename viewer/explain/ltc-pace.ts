import { sigmoid, softplus } from "../../src/ncp/equations/activation.ts";
import type { Circuit } from "../../src/ncp/index.ts";
import type { CircuitStep, PaceRule, TensorOf } from "./pace.ts";

/**
 * Membrane time constant: capacity by the leak and all synapses, as open as the step's states leave them. A mixed memory acts before that, on
 * the states that the step begins with.
 */
export function ltcPace(circuit: Circuit, tensor: TensorOf, id: number): PaceRule {
  const { units, adjacency, sensoryAdjacency, inputDim } = circuit;
  const of = (role: string, at: number): number => tensor(`rnn_cell.${role}`)[at] ?? 0;
  const [neurons, sensors] = [sourcesOf(adjacency, units, units, id), sourcesOf(sensoryAdjacency, inputDim, units, id)];
  const conductance = (prefix: string, from: number, heard: number): number => {
    const p = (role: string): number => of(prefix + role, from * units + id);
    return softplus(p("w")) * sigmoid(p("sigma") * (heard - p("mu")));
  };
  const ofSensor = (features: ArrayLike<number>, s: number): number =>
    conductance("sensory_", s, (features[s] ?? 0) * of("input_w", s) + of("input_b", s));
  return {
    hearsFeatures: sensors.length > 0,
    of: ({ after, features }: CircuitStep) => {
      let open = softplus(of("gleak", id));
      for (const from of neurons) open += conductance("", from, after[from] ?? 0);
      for (const s of sensors) open += ofSensor(features, s);
      return { timeConstant: softplus(of("cm", id)) / open, gate: null };
    },
  };
}

const sourcesOf = (matrix: Int8Array, numSources: number, units: number, id: number): number[] =>
  [...new Array(numSources).keys()].filter((from) => matrix[from * units + id] !== 0);
