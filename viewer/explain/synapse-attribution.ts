import { Engine, MemoryPlan } from "../../src/engine/index.ts";
import { sigmoid, softplus } from "../../src/ncp/equations/activation.ts";
import { buildWiring, type Circuit } from "../../src/ncp/index.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { actionSize, wiringOf } from "../../src/policy/policy-spec.ts";
import type { HeldPart, HeldSynapse } from "../lab/held-synapse.ts";
import type { ChangedPolicy } from "../lab/interventions.ts";
import { loadPolicy } from "../../src/policy/saved-policy.ts";

/** Steps that lead up to a decision, the last being the decision itself. */
export interface Stretch {
  /** one flat observation per step, as the environment gave it */
  readonly obs: readonly (Float32Array | Uint8Array)[];
  /** per step, in nominal control periods */
  readonly elapsed: ArrayLike<number>;
  /** [H] neurons before the first step; null at the start of an episode, where all are at rest */
  readonly state: Float32Array | null;
}

/** How much one synapse did for an output; sensory neuron s is source -1 - s. */
export interface SynapseShare {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/**
 * Which synapses mattered: for every drawn synapse the derivative of one output (a logit, or the mean of an action) at the last step of a
 * stretch with respect to that synapse's gain, a factor (1 here) on all its weights, through all steps of the stretch. To first order this
 * is what the output would lose without the synapse; a synapse that acts through a neuron's memory counts for as long as the stretch is.
 */
export class SynapseAttribution {
  readonly #network: PolicyNetwork;
  readonly #circuit: Circuit;
  readonly #maxSteps: number;
  readonly #held: ReadonlyMap<string, readonly HeldPart[]>;

  private constructor(network: PolicyNetwork, circuit: Circuit, maxSteps: number, held: readonly HeldSynapse[]) {
    this.#network = network;
    this.#circuit = circuit;
    this.#maxSteps = maxSteps;
    this.#held = new Map(held.map(({ from, to, parts }) => [`${from},${to}`, parts]));
  }

  /** Null for a policy without a wired circuit. `maxSteps` is the longest stretch. */
  static async create({ saved, held }: ChangedPolicy, maxSteps: number): Promise<SynapseAttribution | null> {
    const wiring = wiringOf(saved.spec);
    if (wiring === null) return null;
    const plan = new MemoryPlan();
    const network = new PolicyNetwork(plan, saved.spec, { maxRows: maxSteps, maxBatch: 1 });
    await Engine.createAsync(plan);
    loadPolicy(network, saved);
    return new SynapseAttribution(network, buildWiring(wiring, saved.spec.circuit.inputDim), maxSteps, held);
  }

  /** Shares in output `motor`, in units of the logit or mean. */
  attribute({ obs, elapsed, state }: Stretch, motor: number): SynapseShare[] {
    const network = this.#network;
    const T = obs.length;
    if (T === 0 || T > this.#maxSteps)
      throw new RangeError(`internal: a stretch of ${T} steps, at most ${this.#maxSteps}`);
    obs.forEach((o, t) => {
      network.writeObs(o, 0, t);
      network.writeTime(t, elapsed[t] ?? 1, t === 0 && state === null ? 1 : 0);
    });
    network.setState(state ?? new Float32Array(network.stateSize), 1);
    network.forward(T, 1);
    network.dLogits.data.fill(0);
    network.dLogits.data[(T - 1) * network.dLogits.stride + motor] = 1;
    network.parameters.zeroGradients();
    network.backward(T, 1, false);
    return network.spec.circuit.kind === "ltc" ? this.#ltcShares() : this.#cfcShares();
  }

  /** Number of outputs. */
  get numOutputs(): number {
    return actionSize(this.#network.spec);
  }

  /** Sum over the heads of weight × gradient; a head is [neurons, inputs + neurons] of one layer. */
  #cfcShares(): SynapseShare[] {
    const { parameters } = this.#network;
    const names = parameters.list().map(({ name }) => name);
    const shares = new Map<string, number>();
    this.#circuit.layers.forEach((ids, k) => {
      const sources = k === 0 ? sensors(this.#circuit.inputDim) : (this.#circuit.layers[k - 1] ?? []);
      const columns = [...sources, ...ids];
      const heads = names.filter((name) => name.startsWith(`circuit.rnn_cell.layer_${k}.`) && name.endsWith(".weight"));
      for (const head of heads) {
        const [weight, gradient] = [parameters.get(head), parameters.getGradient(head)];
        weight.forEach((w, at) => {
          const [from, to] = [columns[at % columns.length] ?? 0, ids[Math.floor(at / columns.length)] ?? 0];
          const key = `${from},${to}`;
          shares.set(key, (shares.get(key) ?? 0) + w * (gradient[at] ?? 0));
        });
      }
    });
    return this.#drawn((from, to) => shares.get(`${from},${to}`) ?? 0);
  }

  /** Conductance × its gradient. */
  #ltcShares(): SynapseShare[] {
    const { parameters } = this.#network;
    const { units } = this.#circuit;
    const sharesOf = (name: string): Float32Array => {
      const gradient = parameters.getGradient(name);
      // where a synapse was cut both are 0, and their ratio is at its limit
      return parameters.get(name).map((w, at) => (w < -50 ? 1 : softplus(w) / sigmoid(w)) * (gradient[at] ?? 0));
    };
    const [own, sensory] = [sharesOf("circuit.rnn_cell.w"), sharesOf("circuit.rnn_cell.sensory_w")];
    return this.#drawn((from, to) => (from < 0 ? sensory[(-1 - from) * units + to] : own[from * units + to]) ?? 0);
  }

  #drawn(shareOf: (from: number, to: number) => number): SynapseShare[] {
    const { adjacency, sensoryAdjacency, units } = this.#circuit;
    const list = (matrix: Int8Array, number: (source: number) => number): SynapseShare[] =>
      Array.from(matrix.keys())
        .filter((at) => matrix[at] !== 0)
        .map((at) => {
          const [from, to] = [number(Math.floor(at / units)), at % units];
          return { from, to, share: shareOf(from, to) + this.#heldShare(from, to) };
        });
    return [...list(sensoryAdjacency, (source) => -1 - source), ...list(adjacency, (source) => source)];
  }

  /** What a synapse carries whose source is held: it lies in other tensors. */
  #heldShare(from: number, to: number): number {
    const parts = this.#held.get(`${from},${to}`) ?? [];
    const slope = (tensor: string, at: number): number => this.#network.parameters.getGradient(tensor)[at] ?? 0;
    return parts.reduce((sum, { tensor, at, amount }) => sum + amount * slope(tensor, at), 0);
  }
}

const sensors = (count: number): number[] => Array.from({ length: count }, (_, s) => -1 - s);
