import { circuitMasks, type LayerMasks, type Masking } from "../../src/engine/index.ts";
import { buildWiring, type Circuit } from "../../src/ncp/index.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { HeldPart, HeldSynapse } from "./held-synapse.ts";
import { LtcSurgery } from "./ltc-surgery.ts";

/** A neuron that always says `value`, whatever it hears; 0 silences it. Sensory neuron s is -1 - s. */
export interface Clamp {
  readonly kind: "clamp";
  readonly neuron: number;
  readonly value: number;
}

/** A synapse that is cut. */
export interface Cut {
  readonly kind: "cut";
  readonly from: number;
  readonly to: number;
}

/** A change to a circuit that is made to see what it does. */
export type Intervention = Clamp | Cut;

/** A policy with interventions worked into it. */
export interface ChangedPolicy {
  readonly saved: SavedPolicy;
  readonly held: readonly HeldSynapse[];
}

const HEADS = ["ff1", "ff2", "time_a", "time_b"] as const;

/**
 * The policy with interventions worked into its weights, so that any executor runs it without knowing. CfC: a cut synapse has weight 0 in
 * every head; a clamped neuron is cut off from all that listen to it, and weight × value goes into their biases. LTC: see `LtcSurgery`. A
 * clamped motor neuron goes into the bias of its action. What a clamped neuron computes for itself is no longer heard by anybody.
 *
 * Cuts come first: a synapse that is cut carries nothing of a held neuron either. The critic may still see the state of the circuit; it does
 * not act. Throws for policies whose weights are laid out in another way.
 */
export function intervene(saved: SavedPolicy, interventions: readonly Intervention[]): ChangedPolicy {
  const { circuit: spec } = saved.spec;
  if (interventions.length === 0) return { saved, held: [] };
  if ((spec.kind !== "cfc" && spec.kind !== "ltc") || spec.mixedMemory)
    throw new Error("neurons and synapses can be changed in wired circuits without mixed memory only");
  const tensors = saved.tensors.map((t) => ({ ...t, data: t.data.slice() }));
  const data = new Map(tensors.map((t) => [t.name, t.data]));
  const circuit = buildWiring(spec.wiring, spec.inputDim);
  const surgery =
    spec.kind === "ltc"
      ? new LtcSurgery(circuit, data)
      : new CfcSurgery(circuit, data, spec.masking, spec.polarity === "signed");
  for (const i of interventions) if (i.kind === "cut") surgery.cut(i.from, i.to);
  for (const i of interventions) {
    if (i.kind === "cut") continue;
    for (let to = 0; to < circuit.units; to++) surgery.hold(i.neuron, to, i.value);
    holdMotor(data, circuit, i);
  }
  return { saved: { spec: saved.spec, tensors }, held: surgery.held() };
}

function holdMotor(data: ReadonlyMap<string, Float32Array>, circuit: Circuit, { neuron, value }: Clamp): void {
  const scale = data.get("actor.scale");
  const bias = data.get("actor.bias");
  if (neuron < 0 || neuron >= circuit.outputDim || scale === undefined || bias === undefined) return;
  bias[neuron] = (bias[neuron] ?? 0) + (scale[neuron] ?? 0) * value;
  scale[neuron] = 0;
}

/** Changes copies of a CfC's weights. */
class CfcSurgery {
  readonly #circuit: Circuit;
  readonly #data: ReadonlyMap<string, Float32Array>;
  readonly #masks: readonly LayerMasks[];
  readonly #isSigned: boolean;
  readonly #held: HeldSynapse[] = [];

  constructor(circuit: Circuit, data: ReadonlyMap<string, Float32Array>, masking: Masking, isSigned: boolean) {
    this.#circuit = circuit;
    this.#data = data;
    this.#masks = circuitMasks(circuit, masking, isSigned);
    this.#isSigned = isSigned;
  }

  /** Cuts one synapse in all heads. */
  cut(from: number, to: number): void {
    this.#cutHeads(from, to, 0);
  }

  /** Cuts one synapse in all heads and adds what it would carry at `value` to the biases. */
  hold(from: number, to: number, value: number): void {
    const parts = this.#cutHeads(from, to, value);
    if (parts.length > 0) this.#held.push({ from, to, parts });
  }

  held(): readonly HeldSynapse[] {
    return this.#held;
  }

  #cutHeads(from: number, to: number, value: number): HeldPart[] {
    const parts: HeldPart[] = [];
    this.#masks.forEach(({ ids, numInputs, heads, timeGates }, k) => {
      const row = ids.indexOf(to);
      const column = this.#columnOf(from, k, ids, numInputs);
      if (row < 0 || column === null) return;
      const at = row * (numInputs + ids.length) + column;
      for (const head of HEADS) {
        const mask = (head === "ff1" || head === "ff2" ? heads : timeGates)[at] ?? 0;
        const name = `circuit.rnn_cell.layer_${k}.${head}`;
        parts.push({ tensor: `${name}.bias`, at: row, amount: this.#cutHead(name, row, at, value * mask) });
      }
    });
    return parts;
  }

  /** Where layer k hears a neuron: among its inputs, among its own neurons, or nowhere. */
  #columnOf(from: number, k: number, ids: readonly number[], numInputs: number): number | null {
    if (from < 0) return k === 0 ? -1 - from : null;
    const input = k === 0 ? -1 : (this.#circuit.layers[k - 1] ?? []).indexOf(from);
    if (input >= 0) return input;
    const own = ids.indexOf(from);
    return own >= 0 ? numInputs + own : null;
  }

  /** What went into the bias. */
  #cutHead(name: string, row: number, at: number, carried: number): number {
    const weight = this.#data.get(`${name}.weight`);
    const bias = this.#data.get(`${name}.bias`);
    if (weight === undefined || bias === undefined) return 0;
    const effective = this.#isSigned ? Math.abs(weight[at] ?? 0) : (weight[at] ?? 0);
    bias[row] = (bias[row] ?? 0) + effective * carried;
    weight[at] = 0;
    return effective * carried;
  }
}
