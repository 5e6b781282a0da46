import type { Env } from "../env.ts";
import { Discrete } from "../spaces/discrete.ts";
import { MultiDiscrete } from "../spaces/multi-discrete.ts";
import { binEdges, readBins } from "./bins.ts";
import { boxObservations } from "./box-spaces.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Cuts each dimension of a Box into bins: one number (row-major), or one per dimension with `multidiscrete`. Values outside count as at the edge. */
export class DiscretizeObservation extends ObservationWrapper {
  readonly #bins: readonly number[];
  readonly #edges: readonly Float64Array[];
  readonly #isMulti: boolean;

  /** Throws TypeError unless observations are a Box, ValueError on infinite bounds or wrong bins. */
  constructor(env: Env, bins: number | readonly number[], multidiscrete = false) {
    super(env, { bins, multidiscrete });
    const box = boxObservations(env, "DiscretizeObservation");
    this.#bins = readBins("DiscretizeObservation", box, bins);
    this.#edges = this.#bins.map((n, i) => binEdges(box.low[i]!, box.high[i]!, n));
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
    const edges = this.#edges[i]!;
    let bin = 0;
    while (bin < this.#bins[i]! - 1 && value >= edges[bin + 1]!) bin++;
    return bin;
  }
}
