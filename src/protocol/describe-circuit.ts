import { buildWiring, type Circuit } from "../ncp/index.ts";
import { wiringOf } from "../policy/policy-spec.ts";
import type { SavedPolicy } from "../policy/saved-policy.ts";
import type { CircuitDescription } from "./circuit-description.ts";

/** What people call the inputs and actions of a world, in order; may be shorter than there are. */
export interface WorldNames {
  readonly obs: readonly string[];
  readonly actions: readonly string[];
}

/** Weight of each synapse as the policy learned it, by [source * units + destination]; NaN where no tensor tells. */
interface Strengths {
  readonly sensory: Float64Array;
  readonly recurrent: Float64Array;
}

/** Above this, inputs are pixels or their like, and nobody wants them one by one. */
const MAX_DRAWN_INPUTS = 96;
const SYNAPSE_HEADS = ["ff1", "ff2"] as const;

/** The circuit of a saved policy as it is drawn, or null for a policy without one. `version` is passed through. */
export function describeCircuit(saved: SavedPolicy, version: number, names: WorldNames): CircuitDescription | null {
  const { circuit: spec, encoder } = saved.spec;
  const wiring = wiringOf(saved.spec);
  if (wiring === null) return null;
  const circuit = buildWiring(wiring, spec.inputDim);
  const strengths = readStrengths(saved, circuit);
  const isBundled = circuit.inputDim > MAX_DRAWN_INPUTS;
  const sensory = listSynapses(circuit.sensoryAdjacency, strengths.sensory, circuit.units, (source) => -1 - source);
  const synapses = [
    ...(isBundled ? bundle(sensory) : sensory),
    ...listSynapses(circuit.adjacency, strengths.recurrent, circuit.units, (source) => source),
  ];
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

function listSynapses(
  adjacency: Int8Array,
  strengths: Float64Array,
  units: number,
  number: (source: number) => number,
): Synapse[] {
  const synapses: Synapse[] = [];
  adjacency.forEach((polarity, at) => {
    if (polarity === 0) return;
    const strength = strengths[at] ?? NaN;
    synapses.push({
      from: number(Math.floor(at / units)),
      to: at % units,
      polarity: polarity > 0 ? 1 : -1,
      strength: Number.isNaN(strength) ? 1 : strength,
    });
  });
  return synapses;
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

/** Mean magnitude over the heads that carry synapses. Weight of layer k is [H_k, inputs + H_k], columns: inputs, then the layer's own state. */
function readStrengths({ tensors }: SavedPolicy, circuit: Circuit): Strengths {
  const sensory = new Float64Array(circuit.inputDim * circuit.units).fill(NaN);
  const recurrent = new Float64Array(circuit.units * circuit.units).fill(NaN);
  const byName = new Map(tensors.map((t) => [t.name, t.data]));
  const { units } = circuit;
  circuit.layers.forEach((ids, k) => {
    const heads = SYNAPSE_HEADS.map((head) => byName.get(`circuit.rnn_cell.layer_${k}.${head}.weight`)).filter(
      (w) => w !== undefined,
    );
    if (heads.length === 0) return;
    const before = k === 0 ? null : (circuit.layers[k - 1] ?? []);
    const numInputs = before?.length ?? circuit.inputDim;
    const width = numInputs + ids.length;
    ids.forEach((to, row) => {
      for (let column = 0; column < width; column++) {
        const strength = heads.reduce((sum, w) => sum + Math.abs(w[row * width + column] ?? 0), 0) / heads.length;
        if (column >= numInputs) recurrent[(ids[column - numInputs] ?? 0) * units + to] = strength;
        else if (before === null) sensory[column * units + to] = strength;
        else recurrent[(before[column] ?? 0) * units + to] = strength;
      }
    });
  });
  return { sensory, recurrent };
}
