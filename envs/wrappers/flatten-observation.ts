import type { Env } from "../env.ts";
import { flatten, flattenSpace } from "../spaces/flatten.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Flattens observations to one array, see `flatten`. */
export class FlattenObservation extends ObservationWrapper {
  /** Throws as `flattenSpace` does. */
  constructor(env: Env) {
    super(env, {});
    this.observationSpace = flattenSpace(env.observationSpace);
  }

  override observation(obs: unknown): unknown {
    return flatten(this.env.observationSpace, obs);
  }
}
