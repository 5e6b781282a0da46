import type { Env } from "../env.ts";
import type { Box } from "../spaces/box.ts";
import type { DType } from "../spaces/dtype.ts";
import { boxObservations, withBounds } from "./box-spaces.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Gives observations another element type. */
export class DtypeObservation extends ObservationWrapper {
  readonly #box: Box;

  /** Throws TypeError unless observations are a Box, and as Box does where its bounds do not fit the type. */
  constructor(env: Env, dtype: DType) {
    super(env, { dtype });
    const box = boxObservations(env, "DtypeObservation");
    this.#box = withBounds(box, box.shape, dtype);
    this.observationSpace = this.#box;
  }

  override observation(obs: unknown): unknown {
    const cast = this.#box.zeros();
    cast.set(obs as never); // numbers into an array of numbers
    return cast;
  }
}
