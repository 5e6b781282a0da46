import type { Env } from "../env.ts";
import type { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { MultiDiscrete } from "../spaces/multi-discrete.ts";
import { readBins } from "./bins.ts";
import { boxObservations } from "./box-spaces.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Cuts each dimension of a Box into bins: one number (row-major), or one per dimension with `multidiscrete`. Values outside count as at the edge. */
export class DiscretizeObservation extends ObservationWrapper {
  readonly #box: Box;
  readonly #bins: readonly number[];
  readonly #isMulti: boolean;

  /** Throws ValueError on infinite bounds or wrong bins. */
  constructor(env: Env, bins: number | readonly number[], multidiscrete = false) {
    super(env, { bins, multidiscrete });
    this.#box = boxObservations(env, "DiscretizeObservation");
    this.#bins = readBins("DiscretizeObservation", this.#box, bins);
    this.#isMulti = multidiscrete;
    this.observationSpace = multidiscrete
      ? new MultiDiscrete(this.#bins)
      : new Discrete(this.#bins.reduce((a, b) => a * b, 1));
  }

  override observation(obs: unknown): unknown {
    const indices = Int32Array.from(obs as ArrayLike<number>, (value, i) => this.#binOf(value, i));
    return this.#isMulti ? indices : indices.reduce((flat, bin, i) => flat * this.#bins[i]! + bin, 0);
  }

  /** Number of inner edges at or below the value. */
  #binOf(value: number, i: number): number {
    const [low, high, n] = [this.#box.low[i]!, this.#box.high[i]!, this.#bins[i]!];
    let bin = 0;
    while (bin < n - 1 && value >= low + ((bin + 1) * (high - low)) / n) bin++;
    return bin;
  }
}
