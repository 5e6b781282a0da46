import type { Env } from "../env.ts";
import { InvalidBound } from "../errors.ts";
import type { Space } from "../spaces/space.ts";
import { ActionWrapper, ObservationWrapper, RewardWrapper } from "./wrapper.ts";

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

/** Applies a function to each action; `space` holds the actions before it (absent: the space stays). */
export class TransformAction<Obs, Action, InnerAction> extends ActionWrapper<Obs, Action, InnerAction> {
  readonly #transform: (action: Action) => InnerAction;

  constructor(env: Env<Obs, InnerAction>, transform: (action: Action) => InnerAction, space?: Space<Action>) {
    super(env);
    this.#transform = transform;
    if (space !== undefined) this.actionSpace = space;
  }

  override action(action: Action): InnerAction {
    return this.#transform(action);
  }
}

/** Applies a function to each reward. */
export class TransformReward<Obs, Action> extends RewardWrapper<Obs, Action> {
  readonly #transform: (reward: number) => number;

  constructor(env: Env<Obs, Action>, transform: (reward: number) => number) {
    super(env);
    this.#transform = transform;
  }

  override reward(reward: number): number {
    return this.#transform(reward);
  }
}

/** Keeps rewards within bounds; a null bound is none. */
export class ClipReward<Obs, Action> extends RewardWrapper<Obs, Action> {
  readonly #min: number;
  readonly #max: number;

  /** Throws InvalidBound when both bounds are null or the lower is not below the upper. */
  constructor(env: Env<Obs, Action>, minReward: number | null = null, maxReward: number | null = null) {
    super(env, { minReward, maxReward });
    if (minReward === null && maxReward === null)
      throw new InvalidBound("ClipReward: expected minReward, maxReward or both");
    this.#min = minReward ?? -Infinity;
    this.#max = maxReward ?? Infinity;
    if (this.#max < this.#min)
      throw new InvalidBound(`ClipReward: minReward (${minReward}) is above maxReward (${maxReward})`);
  }

  override reward(reward: number): number {
    return Math.min(Math.max(reward, this.#min), this.#max);
  }
}
