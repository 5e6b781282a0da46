import type { Circuit } from "../../ncp/index.ts";
import { softplus } from "../../ncp/equations/activation.ts";
import type { CircuitSpec } from "../../policy/policy-spec.ts";
import type { CellInputs } from "./cfc-graph.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import type { NamedWeights } from "./named-weights.ts";
import type { StepNode } from "./step-graph.ts";

const CELL = "circuit.rnn_cell.";
const EPSILON = 1e-8;

/** Drawn synapses onto N neurons, as linear maps around one sigmoid each. */
interface Synapses {
  /** index of each synapse's source */
  readonly sources: readonly number[];
  readonly sigma: Float32Array;
  /** sigma mu, so that sigma (v - mu) = sigma v - shift */
  readonly shift: Float32Array;
  /** [2 N, synapses]: conductance times reversal potential, then conductance, in the row of the target */
  readonly currents: Float32Array;
}

/** Liquid time-constant circuit: `unfolds` solver steps. See `ltcCell` of src/ncp for the formula. Elapsed time must be > 0. */
export function ltcStep(
  g: GraphBuilder,
  { unfolds }: Extract<CircuitSpec, { kind: "ltc" }>,
  circuit: Circuit,
  weights: NamedWeights,
  { features, state, elapsed }: CellInputs,
): StepNode {
  const N = circuit.units;
  const vector = (name: string): Float32Array => weights(CELL + name);
  const mapped = g.add(g.mul(features, vector("input_w")), vector("input_b"));
  const sensory = currents(g, mapped, synapses(weights, "sensory_", circuit.sensoryAdjacency, circuit.inputDim, N));
  const recurrent = synapses(weights, "", circuit.adjacency, N, N);
  const leak = vector("gleak").map(softplus);
  const capacitance = g.div(
    vector("cm").map((cm) => softplus(cm) * unfolds),
    elapsed,
  );
  // what is the same in every solver step
  const drive = g.add(
    g.slice(sensory, 0, N),
    leak.map((conductance, i) => conductance * vector("vleak")[i]!),
  );
  const load = g.add(
    g.add(
      capacitance,
      leak.map((conductance) => conductance + EPSILON),
    ),
    g.slice(sensory, N, N),
  );
  let v = state;
  for (let unfold = 0; unfold < unfolds; unfold++) {
    const synaptic = currents(g, v, recurrent);
    const numerator = g.add(g.add(g.mul(capacitance, v), drive), g.slice(synaptic, 0, N));
    v = g.div(numerator, g.add(load, g.slice(synaptic, N, N)));
  }
  return v;
}

/** [2 N] sums over the synapses of each neuron: conductance times reversal potential, and conductance. */
function currents(
  g: GraphBuilder,
  potentials: StepNode,
  { sources, sigma, shift, currents: weight }: Synapses,
): StepNode {
  const opened = g.unary("sigmoid", g.sub(g.mul(g.gather(potentials, sources), sigma), shift));
  return g.linear(opened, weight);
}

function synapses(weights: NamedWeights, front: string, adjacency: Int8Array, numSources: number, N: number): Synapses {
  const places = Array.from({ length: numSources * N }, (_, place) => place).filter((place) => adjacency[place] !== 0);
  const at = (name: string): number[] => {
    const all = weights(`${CELL}${front}${name}`);
    return places.map((place) => all[place]!);
  };
  const [conductance, sigma, mu, erev] = [at("w").map(softplus), at("sigma"), at("mu"), at("erev")];
  const S = places.length;
  const sums = new Float32Array(2 * N * S);
  places.forEach((place, s) => {
    const target = place % N;
    sums[target * S + s] = conductance[s]! * erev[s]!;
    sums[(N + target) * S + s] = conductance[s]!;
  });
  return {
    sources: places.map((place) => Math.floor(place / N)),
    sigma: Float32Array.from(sigma),
    shift: Float32Array.from(sigma, (value, s) => value * mu[s]!),
    currents: sums,
  };
}
