import type { MemoryPlan } from "../memory-plan.ts";
import type { Tensor } from "../tensor.ts";
import type { Uniform } from "./layer.ts";

/** Where dropout sits: behind which layers of the backbone, and their sizes. */
export interface BackboneDropoutOptions {
  readonly name: string;
  /** probability that a feature is zeroed; the others are divided by 1 - rate */
  readonly rate: number;
  readonly rows: number;
  readonly units: number;
  /** the layers it follows, counted from 0 */
  readonly layers: readonly number[];
}

/**
 * Dropout in the backbone of a CfC. It acts on the passes between `draw` and `clear`, forward and backward alike; at first it is off.
 *
 * Factors are drawn step by step, layer by layer, sample by sample, as the float64 definition draws them.
 */
export class BackboneDropout {
  readonly rate: number;
  isActive = false;
  readonly #units: number;
  /** [rows, units] 0 or 1 / (1 - rate), by layer of the backbone */
  readonly #factors: ReadonlyMap<number, Tensor>;

  constructor(plan: MemoryPlan, { name, rate, rows, units, layers }: BackboneDropoutOptions) {
    this.rate = rate;
    this.#units = units;
    this.#factors = new Map(layers.map((i) => [i, plan.tensor(`${name} dropout ${i}`, rows, units)]));
  }

  /** Factors behind this layer of the backbone; null: none is dropped there. */
  behind(layer: number): Tensor | null {
    return this.#factors.get(layer) ?? null;
  }

  /** All factors, in the order of the layers they follow. */
  get factors(): readonly Tensor[] {
    return [...this.#factors.values()];
  }

  /** Drops other features in the next passes of T steps of B samples. */
  draw(T: number, B: number, uniform: Uniform): void {
    const kept = 1 / (1 - this.rate);
    for (let t = 0; t < T; t++)
      for (const { data, stride } of this.#factors.values())
        for (let row = t * B; row < (t + 1) * B; row++)
          for (let u = 0; u < this.#units; u++) data[row * stride + u] = uniform() < this.rate ? 0 : kept;
    this.isActive = true;
  }

  /** Drops nothing from now on. */
  clear(): void {
    this.isActive = false;
  }
}
