import { Engine, MemoryPlan } from "../../src/engine/index.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { loadPolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";

/** What sensory neurons get of an observation, by the kernels that acted: scaled or normalised, or what the encoder makes of it. */
export class SensorFeatures {
  static readonly #made = new WeakMap<SavedPolicy, Promise<SensorFeatures>>();
  readonly #network: PolicyNetwork;

  private constructor(network: PolicyNetwork) {
    this.#network = network;
  }

  /** The features of a policy; made once. */
  static of(saved: SavedPolicy): Promise<SensorFeatures> {
    const made = this.#made.get(saved) ?? SensorFeatures.#make(saved);
    this.#made.set(saved, made);
    return made;
  }

  static async #make(saved: SavedPolicy): Promise<SensorFeatures> {
    const plan = new MemoryPlan();
    const network = new PolicyNetwork(plan, saved.spec, { maxRows: 1, maxBatch: 1 });
    await Engine.createAsync(plan);
    loadPolicy(network, saved);
    return new SensorFeatures(network);
  }

  /** Of one observation; the result is overwritten by the next. */
  of(obs: Float32Array | Uint8Array): Float32Array {
    this.#network.writeObs(obs, 0, 0);
    this.#network.encode(1);
    return this.#network.features.data;
  }
}
