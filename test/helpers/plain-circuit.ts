import { circuitMasks } from "../../src/engine/index.ts";
import { buildWiring } from "../../src/ncp/index.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { Intervention } from "../../viewer/lab/interventions.ts";

/** What a plain circuit meets at one step. */
export interface PlainStep {
  readonly obs: ArrayLike<number>;
  /** applied where signals are heard, not in the weights */
  readonly interventions?: readonly Intervention[];
  /** factor on all that goes through one synapse; 1 where there is none */
  readonly gain?: { readonly from: number; readonly to: number; readonly factor: number };
}

/**
 * Logits of a strict CfC in plain float64, neuron by neuron, from rest, with one control period between the steps:
 * next = tanh(ff1) (1 - s) + s tanh(ff2), s = sigmoid(time_a + time_b), over inputs and the layer's last state.
 */
export function plainCfc({ spec, tensors }: SavedPolicy, steps: readonly PlainStep[]): number[][] {
  if (spec.circuit.kind !== "cfc") throw new Error("it has another circuit");
  const circuit = buildWiring(spec.circuit.wiring, spec.circuit.inputDim);
  const masks = circuitMasks(circuit, spec.circuit.masking);
  const tensor = tensorsOf(tensors);
  let state = Array.from({ length: circuit.units }, () => 0);
  return steps.map((step) => {
    const next = [...state];
    masks.forEach(({ ids, numInputs, heads, timeGates }, k) => {
      const sources =
        k === 0 ? Array.from({ length: step.obs.length }, (_, s) => -1 - s) : (circuit.layers[k - 1] ?? []);
      const width = numInputs + ids.length;
      ids.forEach((to, row) => {
        const head = (name: string, mask: Float32Array): number => {
          const weight = tensor(`circuit.rnn_cell.layer_${k}.${name}.weight`);
          let sum = tensor(`circuit.rnn_cell.layer_${k}.${name}.bias`)[row] ?? 0;
          const add = (column: number, from: number, value: number): void => {
            const at = row * width + column;
            sum += (weight[at] ?? 0) * (mask[at] ?? 0) * heard(step, from, value) * open(step, from, to);
          };
          sources.forEach((from, column) =>
            add(column, from, from < 0 ? (step.obs[-1 - from] ?? 0) : (next[from] ?? 0)),
          );
          ids.forEach((from, j) => add(numInputs + j, from, state[from] ?? 0));
          return sum;
        };
        const s = 1 / (1 + Math.exp(-(head("time_a", timeGates) + head("time_b", timeGates))));
        next[to] = Math.tanh(head("ff1", heads)) * (1 - s) + s * Math.tanh(head("ff2", heads));
      });
    });
    state = next;
    return logits(step, tensor, state, circuit.outputDim);
  });
}

/** Logits of an LTC in plain float64, from rest, with one control period between the steps. */
export function plainLtc({ spec, tensors }: SavedPolicy, steps: readonly PlainStep[]): number[][] {
  if (spec.circuit.kind !== "ltc") throw new Error("it has another circuit");
  const { unfolds } = spec.circuit;
  const circuit = buildWiring(spec.circuit.wiring, spec.circuit.inputDim);
  const tensor = tensorsOf(tensors);
  const of = (role: string): Float32Array => tensor(`circuit.rnn_cell.${role}`);
  const N = circuit.units;
  let v = Array.from({ length: N }, () => 0);
  return steps.map((step) => {
    const sensed = Array.from(
      step.obs,
      (x, s) => heard(step, -1 - s, x) * (of("input_w")[s] ?? 0) + (of("input_b")[s] ?? 0),
    );
    for (let unfold = 0; unfold < unfolds; unfold++) {
      v = v.map((own, to) => {
        const leak = softplus(of("gleak")[to] ?? 0);
        const c = softplus(of("cm")[to] ?? 0) * unfolds;
        let [top, bottom] = [c * own + leak * (of("vleak")[to] ?? 0), c + leak + 1e-8];
        const add = (prefix: string, from: number, at: number, x: number): void => {
          const p = (role: string): number => of(prefix + role)[at] ?? 0;
          const g = (open(step, from, to) * softplus(p("w"))) / (1 + Math.exp(-p("sigma") * (x - p("mu"))));
          [top, bottom] = [top + g * p("erev"), bottom + g];
        };
        sensed.forEach((x, s) => circuit.sensoryAdjacency[s * N + to] !== 0 && add("sensory_", -1 - s, s * N + to, x));
        v.forEach((x, i) => circuit.adjacency[i * N + to] !== 0 && add("", i, i * N + to, heard(step, i, x)));
        return top / bottom;
      });
    }
    return logits(step, tensor, v, circuit.outputDim);
  });
}

type TensorOf = (name: string) => Float32Array;

const tensorsOf =
  (tensors: SavedPolicy["tensors"]): TensorOf =>
  (name) => {
    const found = tensors.find((t) => t.name === name);
    if (found === undefined) throw new Error(`no tensor ${name}`);
    return found.data;
  };

const softplus = (x: number): number => Math.log1p(Math.exp(x));

/** What listeners hear of a neuron that says `value`. */
function heard({ interventions = [] }: PlainStep, from: number, value: number): number {
  const clamp = interventions.find((i) => i.kind === "clamp" && i.neuron === from);
  return clamp?.kind === "clamp" ? clamp.value : value;
}

/** Factor on what goes through a synapse: 0 where it is cut. */
function open({ interventions = [], gain }: PlainStep, from: number, to: number): number {
  if (interventions.some((i) => i.kind === "cut" && i.from === from && i.to === to)) return 0;
  return gain !== undefined && gain.from === from && gain.to === to ? gain.factor : 1;
}

function logits(step: PlainStep, tensor: TensorOf, state: readonly number[], A: number): number[] {
  const [scale, bias] = [tensor("actor.scale"), tensor("actor.bias")];
  return Array.from({ length: A }, (_, m) => (scale[m] ?? 0) * heard(step, m, state[m] ?? 0) + (bias[m] ?? 0));
}
