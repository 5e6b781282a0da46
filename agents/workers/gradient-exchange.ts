import type { Adam } from "../../src/engine/index.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import type { SharedMemory } from "./shared-memory.ts";

/**
 * Every shard's gradient of a minibatch, computed alone, on its way into every worker's weights: the sum is taken in shard order, so it does
 * not depend on who computed what.
 */
export class GradientExchange {
  readonly #network: PolicyNetwork;
  readonly #adam: Adam;
  readonly #shared: SharedMemory;
  readonly #numShards: number;

  constructor(network: PolicyNetwork, adam: Adam, shared: SharedMemory, numShards: number) {
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
    const { gradients } = this.#network.parameters;
    gradients.set(this.#shared.gradients(turn, 0));
    for (let k = 1; k < this.#numShards; k++) {
      const part = this.#shared.gradients(turn, k);
      for (let i = 0; i < gradients.length; i++) gradients[i]! += part[i]!;
    }
    return this.#adam.gradientNorm();
  }

  /** One optimiser step with the gradient cut to `maxNorm`. */
  step(learningRate: number, norm: number, maxNorm: number): void {
    this.#adam.step(learningRate, Math.min(1, maxNorm / (norm + 1e-6)));
    this.#network.prepare();
  }
}
