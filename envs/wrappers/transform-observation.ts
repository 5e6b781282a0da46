import type { Env } from "../env.ts";
import type { Space } from "../spaces/space.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Applies a function to each observation; `space` holds the results (absent: the space stays). */
export class TransformObservation<Obs, Action, InnerObs> extends ObservationWrapper<Obs, Action, InnerObs> {
  readonly #transform: (obs: InnerObs) => Obs;

  constructor(env: Env<InnerObs, Action>, transform: (obs: InnerObs) => Obs, space?: Space<Obs>) {
    super(env);
    this.#transform = transform;
    if (space !== undefined) this.observationSpace = space;
  }

  override observation(obs: InnerObs): Obs {
    return this.#transform(obs);
  }
}
