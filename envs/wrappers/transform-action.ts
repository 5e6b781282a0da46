import type { Env } from "../env.ts";
import type { Space } from "../spaces/space.ts";
import { ActionWrapper } from "./wrapper.ts";

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
