import type { Env } from "../env.ts";
import { InvalidAction } from "../errors.ts";
import type { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { MultiDiscrete } from "../spaces/multi-discrete.ts";
import type { Space } from "../spaces/space.ts";
import { describeAction } from "../world/describe-action.ts";
import { binEdges, readBins } from "./bins.ts";
import { boxActions } from "./box-spaces.ts";
import type { FloatArray } from "./box-spaces.ts";
import { ActionWrapper } from "./wrapper.ts";

/** Cuts each dimension of a Box into bins. The action is one number (row-major), or one per dimension with `multidiscrete`; the env gets bin centres. */
export class DiscretizeAction<Obs> extends ActionWrapper<Obs, number | Int32Array, FloatArray> {
  readonly #box: Box;
  readonly #bins: readonly number[];
  readonly #edges: readonly Float64Array[];

  /** Throws TypeError unless actions are a Box, ValueError on infinite bounds or wrong bins. */
  constructor(env: Env<Obs, FloatArray>, bins: number | readonly number[], multidiscrete = false) {
    super(env, { bins, multidiscrete });
    this.#box = boxActions(env as Env<never, never>, "DiscretizeAction");
    this.#bins = readBins("DiscretizeAction", this.#box, bins);
    this.#edges = this.#bins.map((n, i) => binEdges(this.#box.low[i]!, this.#box.high[i]!, n));
    const space: unknown = multidiscrete
      ? new MultiDiscrete(this.#bins)
      : new Discrete(this.#bins.reduce((a, b) => a * b, 1));
    this.actionSpace = space as Space<number | Int32Array>;
  }

  override action(action: number | Int32Array): FloatArray {
    if (!this.actionSpace.contains(action)) {
      throw new InvalidAction(
        `DiscretizeAction: got ${describeAction(action)}, expected one of ${String(this.actionSpace)}`,
      );
    }
    const value = this.#box.zeros() as FloatArray; // a Box with finite fractional bounds is one of floats
    for (const [i, bin] of this.#binsOf(action).entries()) {
      const edges = this.#edges[i]!;
      value[i] = 0.5 * (edges[bin]! + edges[bin + 1]!);
    }
    return value;
  }

  #binsOf(action: number | Int32Array): number[] {
    if (typeof action !== "number") return Array.from(action);
    let rest = action;
    return this.#bins
      .toReversed()
      .map((n) => {
        const bin = rest % n;
        rest = Math.floor(rest / n);
        return bin;
      })
      .toReversed();
  }
}
