import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import { sizeOf } from "../spaces/dtype.ts";
import { boxObservations, withBounds } from "./box-spaces.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Gives observations another shape of as many elements. */
export class ReshapeObservation extends ObservationWrapper {
  /** Throws TypeError unless observations are a Box, ValueError when the number of elements differs. */
  constructor(env: Env, shape: readonly number[]) {
    super(env, { shape });
    const box = boxObservations(env, "ReshapeObservation");
    if (sizeOf(shape) !== box.size) {
      throw new ValueError(`ReshapeObservation: got shape [${shape.join(", ")}], expected one of ${box.size} elements`);
    }
    this.observationSpace = withBounds(box, shape, box.dtype);
  }

  override observation(obs: unknown): unknown {
    return obs; // arrays are flat: only the space knows the shape
  }
}
