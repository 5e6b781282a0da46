import { circuitMasks } from "../../src/engine/index.ts";
import { softplus } from "../../src/ncp/equations/activation.ts";
import { buildWiring, type Circuit } from "../../src/ncp/index.ts";
import { Normalizer } from "../../src/policy/normalizer.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { Episode } from "../episode/episode.ts";

/** How fast a neuron was at every step of an episode, [T] each. */
export interface NeuronPace {
  /** effective time constant in nominal control periods: CfC 1 / |time_a|, over which the gate's odds change e-fold; LTC cm / all open conductances */
  readonly timeConstant: Float32Array;
  /** CfC: the gate s, 0 keeps to ff1, 1 to ff2; null for an LTC */
  readonly gate: Float32Array | null;
}

/**
 * The pace of a neuron, worked out again in float64 from recorded observations and states. Null where that is not possible: no wired circuit,
 * a mode without gates, a memory cell beside it, or sensors behind an encoder.
 */
export function neuronPace(saved: SavedPolicy, episode: Episode, id: number): NeuronPace | null {
  const { circuit: spec } = saved.spec;
  if ((spec.kind !== "cfc" && spec.kind !== "ltc") || spec.mixedMemory) return null;
  const circuit = buildWiring(spec.wiring, spec.inputDim);
  if (id < 0 || id >= circuit.units || episode.columns.state.length === 0) return null;
  const data = new Map(saved.tensors.map((t) => [t.name, t.data]));
  const tensor = (name: string): Float32Array => data.get(`circuit.rnn_cell.${name}`) ?? new Float32Array();
  const sensors = sensorReader(saved, episode);
  if (spec.kind === "ltc") return sensors === null ? null : ltcPace(circuit, tensor, episode, sensors, id);
  if (spec.mode === "pure") return null;
  const layer = circuit.layers.findIndex((ids) => ids.includes(id));
  if (layer === 0 && sensors === null) return null;
  const masks = circuitMasks(circuit, spec.masking, spec.flavour === "keras")[layer];
  if (masks === undefined) return null;
  const [ids, before] = [masks.ids, circuit.layers[layer - 1] ?? null];
  const row = ids.indexOf(id);
  const width = masks.numInputs + ids.length;
  const rest = new Float32Array(episode.shape.numNeurons);
  const stateAt = (t: number): Float32Array => (t < 0 ? rest : episode.row(t).state);
  const heard = (t: number, column: number): number => {
    if (column >= masks.numInputs) return stateAt(t - 1)[ids[column - masks.numInputs] ?? 0] ?? 0;
    return before === null ? (sensors?.(t, column) ?? 0) : (stateAt(t)[before[column] ?? 0] ?? 0);
  };
  const head = (name: string, t: number): number => {
    const weight = tensor(`layer_${layer}.${name}.weight`);
    let sum = tensor(`layer_${layer}.${name}.bias`)[row] ?? 0;
    for (let c = 0; c < width; c++) {
      const at = row * width + c;
      if (masks.timeGates[at] !== 0) sum += (weight[at] ?? 0) * (masks.timeGates[at] ?? 0) * heard(t, c);
    }
    return sum;
  };
  const sign = spec.flavour === "keras" ? -1 : 1;
  const timeConstant = new Float32Array(episode.length);
  const gate = new Float32Array(episode.length);
  for (let t = 0; t < episode.length; t++) {
    const a = head("time_a", t);
    timeConstant[t] = 1 / Math.abs(a);
    gate[t] = 1 / (1 + Math.exp(-(sign * a * (episode.columns.elapsed[t] ?? 1) + head("time_b", t))));
  }
  return { timeConstant, gate };
}

/** Membrane time constants with synapses as open as the step's states leave them. */
function ltcPace(
  { units, adjacency, sensoryAdjacency, inputDim }: Circuit,
  tensor: (name: string) => Float32Array,
  episode: Episode,
  sensors: (t: number, s: number) => number,
  id: number,
): NeuronPace {
  const open = (prefix: string, at: number, heard: number): number => {
    const p = (role: string): number => tensor(prefix + role)[at] ?? 0;
    return softplus(p("w")) / (1 + Math.exp(-p("sigma") * (heard - p("mu"))));
  };
  const capacity = softplus(tensor("cm")[id] ?? 0);
  const leak = softplus(tensor("gleak")[id] ?? 0);
  const timeConstant = Float32Array.from({ length: episode.length }, (_, t) => {
    const { state } = episode.row(t);
    let conductance = leak;
    for (let from = 0; from < units; from++)
      if (adjacency[from * units + id] !== 0) conductance += open("", from * units + id, state[from] ?? 0);
    for (let s = 0; s < inputDim; s++)
      if (sensoryAdjacency[s * units + id] !== 0)
        conductance += open(
          "sensory_",
          s * units + id,
          sensors(t, s) * (tensor("input_w")[s] ?? 1) + (tensor("input_b")[s] ?? 0),
        );
    return capacity / conductance;
  });
  return { timeConstant, gate: null };
}

/** What sensor s got at step t, or null where an encoder stands before the sensors or observations were not kept. */
function sensorReader({ spec, tensors }: SavedPolicy, episode: Episode): ((t: number, s: number) => number) | null {
  const D = episode.shape.numObs;
  if (spec.encoder.kind !== "none" || D === 0) return null;
  const { obs } = episode.columns;
  if (!spec.normalizeObs) return (t, s) => (obs[t * D + s] ?? 0) * spec.obs.scale;
  const normalizer = new Normalizer(D);
  normalizer.mean.set(tensors.find(({ name }) => name === "normalizer.mean")?.data ?? []);
  normalizer.variance.set(tensors.find(({ name }) => name === "normalizer.variance")?.data ?? []);
  normalizer.prepare();
  const row = new Float32Array(D);
  let at = -1;
  return (t, s) => {
    if (t !== at) normalizer.apply(obs, t * D, row, 0);
    at = t;
    return row[s] ?? 0;
  };
}
