import { type Adam, type MemoryPlan, Tensor } from "../../src/engine/index.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import type { SharedMemory } from "./shared-memory.ts";

/**
 * Every shard's gradient of a minibatch, computed alone, on its way into every worker's weights: the sum is taken in shard order, so it does
 * not depend on who computed what.
 */
export class GradientExchange {
  readonly #plan: MemoryPlan;
  readonly #network: PolicyNetwork;
  readonly #adam: Adam;
  readonly #shared: SharedMemory;
  readonly #numShards: number;
  /** where one shard's gradient is put beside the sum; sized once the whole network is known */
  #part: Tensor | null = null;

  constructor(plan: MemoryPlan, network: PolicyNetwork, adam: Adam, shared: SharedMemory, numShards: number) {
    plan.late(() => [(this.#part = new Tensor("a shard's gradient", 1, network.parameters.length))]);
    this.#plan = plan;
    this.#network = network;
    this.#adam = adam;
    this.#shared = shared;
    this.#numShards = numShards;
  }

  /** Puts the network's gradient into a shard's slot. */
  publish(turn: number, shard: number): void {
    this.#shared.gradients(turn, shard).set(this.#network.parameters.gradients);
  }

  /** Sums all slots into the network's gradient; returns its Euclidean norm. Call after the barrier. */
  reduce(turn: number): number {
    const { parameters } = this.#network;
    const part = this.#part!; // exists since the engine does
    parameters.gradients.set(this.#shared.gradients(turn, 0));
    for (let k = 1; k < this.#numShards; k++) {
      part.data.set(this.#shared.gradients(turn, k));
      this.#plan.kernels.addScaled(parameters.gradientPtr(), part.ptr, parameters.length, 1);
    }
    return this.#adam.gradientNorm();
  }

  /** One optimiser step with the gradient cut to `maxNorm`. */
  step(learningRate: number, norm: number, maxNorm: number): void {
    this.#adam.step(learningRate, Math.min(1, maxNorm / (norm + 1e-6)));
    this.#network.prepare();
  }
}
