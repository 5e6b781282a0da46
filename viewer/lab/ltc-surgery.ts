import { softplus, softplusSlope } from "../../src/ncp/equations/activation.ts";
import type { Circuit } from "../../src/ncp/index.ts";
import type { HeldPart, HeldSynapse } from "./held-synapse.ts";

/** Softplus of this is 0 in float32: no conductance at all. */
const NO_CONDUCTANCE = -1e4;
const SYNAPSES = "circuit.rnn_cell";

/** What a synapse whose source is held adds to the leak of its listener. */
interface Current {
  readonly from: number;
  readonly to: number;
  readonly conductance: number;
  readonly reversal: number;
}

/**
 * Changes copies of an LTC's parameters. A cut synapse has conductance 0. What a neuron held at a value does to a listener is constant, a
 * conductance a = w sigmoid(sigma (value - mu)) towards the reversal potential E, and so belongs to the listener's leak: leak + a towards
 * (leak vleak + a E) / (leak + a).
 */
export class LtcSurgery {
  readonly #circuit: Circuit;
  readonly #data: ReadonlyMap<string, Float32Array>;
  readonly #currents: Current[] = [];

  constructor(circuit: Circuit, data: ReadonlyMap<string, Float32Array>) {
    this.#circuit = circuit;
    this.#data = data;
  }

  /** Cuts one synapse; sensory neuron s is -1 - s. */
  cut(from: number, to: number): void {
    if (this.#isDrawn(from, to)) this.#tensor(from, "w")[this.#at(from, to)] = NO_CONDUCTANCE;
  }

  /** Cuts one synapse and lets its target have what it would carry if its source said `value`. */
  hold(from: number, to: number, value: number): void {
    if (!this.#isDrawn(from, to)) return;
    const at = this.#at(from, to);
    const get = (role: string): number => this.#tensor(from, role)[at] ?? 0;
    const heard = from < 0 ? this.#mapped(-1 - from, value) : value;
    const open = softplus(get("w")) / (1 + Math.exp(-get("sigma") * (heard - get("mu"))));
    this.#addLeak(to, open, get("erev"));
    this.#currents.push({ from, to, conductance: open, reversal: get("erev") });
    this.cut(from, to);
  }

  /** Once all is held: what a conductance does to a potential depends on all others of the listener's leak. */
  held(): readonly HeldSynapse[] {
    return this.#currents.map(({ from, to, ...current }) => ({ from, to, parts: this.#partsOf(to, current) }));
  }

  /** d softplus(gleak) = conductance and d vleak = conductance (reversal - vleak) / leak, per unit of gain. */
  #partsOf(to: number, { conductance, reversal }: Pick<Current, "conductance" | "reversal">): HeldPart[] {
    const [gleak, vleak] = [this.#vector("gleak")[to] ?? 0, this.#vector("vleak")[to] ?? 0];
    const [dLeak, dPotential] = [
      conductance / softplusSlope(gleak),
      (conductance * (reversal - vleak)) / softplus(gleak),
    ];
    return [
      { tensor: `${SYNAPSES}.gleak`, at: to, amount: dLeak },
      { tensor: `${SYNAPSES}.vleak`, at: to, amount: dPotential },
    ];
  }

  #addLeak(to: number, conductance: number, reversal: number): void {
    const [gleak, vleak] = [this.#vector("gleak"), this.#vector("vleak")];
    const leak = softplus(gleak[to] ?? 0);
    const total = leak + conductance;
    vleak[to] = (leak * (vleak[to] ?? 0) + conductance * reversal) / total;
    gleak[to] = inverseSoftplus(total);
  }

  #isDrawn(from: number, to: number): boolean {
    const { adjacency, sensoryAdjacency } = this.#circuit;
    return (from < 0 ? sensoryAdjacency : adjacency)[this.#at(from, to)] !== 0;
  }

  #at(from: number, to: number): number {
    return (from < 0 ? -1 - from : from) * this.#circuit.units + to;
  }

  /** What the synapses of sensory neuron s hear of an input. */
  #mapped(s: number, value: number): number {
    return value * (this.#vector("input_w")[s] ?? 1) + (this.#vector("input_b")[s] ?? 0);
  }

  #tensor(from: number, role: string): Float32Array {
    return this.#vector(from < 0 ? `sensory_${role}` : role);
  }

  #vector(role: string): Float32Array {
    return this.#data.get(`${SYNAPSES}.${role}`) ?? new Float32Array();
  }
}

/** What softplus makes x of, for x > 0. */
const inverseSoftplus = (x: number): number => (x > 20 ? x : Math.log(Math.expm1(x)));
