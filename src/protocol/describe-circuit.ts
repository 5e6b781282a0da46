import { buildWiring, type Circuit } from "../ncp/index.ts";
import { inspectSynapses } from "../policy/inspect-policy.ts";
import { wiringOf } from "../policy/policy-spec.ts";
import type { SavedPolicy } from "../policy/saved-policy.ts";
import type { CircuitDescription } from "./circuit-description.ts";

/** What people call the inputs and actions of a world, in order; may be shorter than there are. */
export interface WorldNames {
  readonly obs: readonly string[];
  readonly actions: readonly string[];
}

/** Above this, inputs are pixels or their like, and nobody wants them one by one. */
const MAX_DRAWN_INPUTS = 96;

/** The circuit of a saved policy as it is drawn, or null for a policy without one. `version` is passed through. */
export function describeCircuit(saved: SavedPolicy, version: number, names: WorldNames): CircuitDescription | null {
  const { circuit: spec, encoder } = saved.spec;
  const wiring = wiringOf(saved.spec);
  if (wiring === null) return null;
  const circuit = buildWiring(wiring, spec.inputDim);
  const isBundled = circuit.inputDim > MAX_DRAWN_INPUTS;
  const all = listSynapses(saved, circuit);
  const sensory = all.filter(({ from }) => from < 0);
  const synapses = [...(isBundled ? bundle(sensory) : sensory), ...all.filter(({ from }) => from >= 0)];
  return {
    wiring: JSON.stringify([wiring, spec.inputDim]),
    policyVersion: version,
    masking: spec.kind === "cfc" ? spec.masking : "strict", // an LTC computes the drawn synapses and no others
    numInputs: circuit.inputDim,
    sensory: isBundled
      ? [`${circuit.inputDim.toLocaleString("en")} inputs`]
      : Array.from({ length: circuit.inputDim }, (_, i) =>
          encoder.kind === "none" ? (names.obs[i] ?? `input ${i}`) : `feature ${i}`,
        ),
    neurons: describeNeurons(circuit, names),
    from: synapses.map((s) => s.from),
    to: synapses.map((s) => s.to),
    polarity: synapses.map((s) => s.polarity),
    strength: synapses.map((s) => s.strength),
  };
}

function describeNeurons(circuit: Circuit, names: WorldNames): CircuitDescription["neurons"] {
  const seen = { motor: 0, command: 0, inter: 0 };
  return Array.from({ length: circuit.units }, (_, id) => {
    const kind = circuit.neuronKind(id);
    const index = seen[kind]++;
    return { id, kind, label: (kind === "motor" ? names.actions[index] : undefined) ?? `${kind} ${index}` };
  });
}

interface Synapse {
  readonly from: number;
  readonly to: number;
  readonly polarity: 1 | -1;
  readonly strength: number;
}

/** As the weights have it: the drawn polarity counts where they are not at hand (a recording without its policy) or say nothing. */
function listSynapses(saved: SavedPolicy, circuit: Circuit): Synapse[] {
  const isKnown = saved.tensors.length > 0;
  const trained = isKnown ? inspectSynapses(saved, circuit) : null;
  if (trained === null) return drawnSynapses(circuit);
  return trained.map(({ from, to, polarity, strength, effect }) => ({
    from: from.kind === "sensor" ? -1 - from.index : from.index,
    to,
    polarity: effect === 0 ? polarity : effect > 0 ? 1 : -1,
    strength,
  }));
}

function drawnSynapses({ sensoryAdjacency, adjacency, units }: Circuit): Synapse[] {
  const list = (matrix: Int8Array, number: (source: number) => number): Synapse[] =>
    Array.from(matrix.keys())
      .filter((at) => matrix[at] !== 0)
      .map((at) => ({
        from: number(Math.floor(at / units)),
        to: at % units,
        polarity: (matrix[at] ?? 1) > 0 ? 1 : -1,
        strength: 1,
      }));
  return [...list(sensoryAdjacency, (source) => -1 - source), ...list(adjacency, (source) => source)];
}

/** One synapse per neuron for all inputs it hears: their mean strength, and the polarity that carries more. */
function bundle(synapses: readonly Synapse[]): Synapse[] {
  const byTarget = new Map<number, { count: number; total: number; signed: number }>();
  for (const { to, polarity, strength } of synapses) {
    const sum = byTarget.get(to) ?? { count: 0, total: 0, signed: 0 };
    byTarget.set(to, { count: sum.count + 1, total: sum.total + strength, signed: sum.signed + polarity * strength });
  }
  return [...byTarget].map(([to, { count, total, signed }]) => ({
    from: -1,
    to,
    polarity: signed < 0 ? -1 : 1,
    strength: total / count,
  }));
}
