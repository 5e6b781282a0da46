import { Engine, MemoryPlan } from "../../src/engine/index.ts";
import { argmax } from "../../src/policy/categorical.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { actionSize } from "../../src/policy/policy-spec.ts";
import { loadPolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { TapeRow } from "../episode/episode.ts";

/** What a policy says about one observation; arrays are the caller's. */
export type Response = Pick<TapeRow, "state" | "motor" | "logits" | "action" | "value"> & {
  /** as the environment takes it */
  readonly envAction: number | Float32Array;
};

/** A greedy policy in the page, on the same kernels as in training, whose state can be set: episodes may go on from any step. */
export class LabPolicy {
  readonly saved: SavedPolicy;
  readonly #network: PolicyNetwork;
  #isStart = true;

  private constructor(saved: SavedPolicy, network: PolicyNetwork) {
    this.saved = saved;
    this.#network = network;
  }

  /** Compiles without blocking the page. Throws FormatError where tensors do not fit the spec. */
  static async create(saved: SavedPolicy): Promise<LabPolicy> {
    const plan = new MemoryPlan();
    const network = new PolicyNetwork(plan, saved.spec, { maxRows: 1, maxBatch: 1 });
    await Engine.createAsync(plan);
    loadPolicy(network, saved);
    return new LabPolicy(saved, network);
  }

  get numNeurons(): number {
    return this.#network.stateSize;
  }

  /** All neurons at rest. */
  reset(): void {
    this.#isStart = true;
  }

  /** Goes on from neurons as they were after some step, [H]. */
  setState(state: Float32Array): void {
    this.#isStart = false;
    this.#network.setState(state, 1);
  }

  step(obs: Float32Array | Uint8Array, elapsed: number): Response {
    const network = this.#network;
    const { action } = network.spec;
    const A = actionSize(network.spec);
    network.writeObs(obs, 0, 0);
    network.writeTime(0, elapsed, this.#isStart ? 1 : 0);
    this.#isStart = false;
    network.step(1);
    if (network.spec.critic !== null) network.evaluate(1);
    const state = new Float32Array(network.stateSize);
    network.getState(state, 1);
    const logits = network.logits.data.slice(0, A);
    const chosen = action.kind === "discrete" ? argmax(logits, 0, A) : null;
    const box =
      action.kind === "box"
        ? logits.map((x, a) => Math.min(Math.max(x, action.low[a] ?? -Infinity), action.high[a] ?? Infinity))
        : null;
    return {
      state,
      motor: network.motor.data.slice(0, A),
      logits,
      action: box ?? Float32Array.of(chosen ?? 0),
      envAction: box ?? (chosen ?? 0) + (action.kind === "discrete" ? action.start : 0),
      value: network.spec.critic === null ? NaN : (network.values.data[0] ?? NaN),
    };
  }
}
