import type { Env } from "../env.ts";
import type { Bound } from "../spaces/box.ts";
import { rescaleBox } from "./box-affine.ts";
import type { BoxAffine } from "./box-affine.ts";
import { boxObservations } from "./box-spaces.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Maps observations affinely onto new bounds. */
export class RescaleObservation extends ObservationWrapper {
  readonly #affine: BoxAffine;

  /**
   * Throws TypeError unless observations are a Box, InvalidBound when the new bounds are equal, ValueError where infinite bounds would become
   * finite or the other way round.
   */
  constructor(env: Env, minObs: Bound, maxObs: Bound) {
    super(env, { minObs, maxObs });
    this.#affine = rescaleBox(boxObservations(env, "RescaleObservation"), minObs, maxObs);
    this.observationSpace = this.#affine.box;
  }

  override observation(obs: unknown): unknown {
    return this.#affine.forward(obs as ArrayLike<number>);
  }
}
