import type { Env } from "../env.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { concatenate } from "../spaces/batch-values.ts";
import { ActionWrapper } from "../wrappers/wrapper.ts";
import { splitActions } from "./split-actions.ts";
import type { VectorEnv, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";
import { wrapStandIn } from "./wrap-stand-in.ts";

/** Applies a single-env action wrapper without state, such as ClipAction or RescaleAction, to every copy's action. */
export class VectorizeAction extends VectorWrapper {
  readonly #wrapper: ActionWrapper;

  /** `wrap` puts the wrapper around an env. Throws TypeError unless it gives an ActionWrapper. */
  constructor(env: VectorEnv, wrap: (env: Env) => Env) {
    super(env);
    const wrapper = wrapStandIn(env, wrap, "VectorizeAction");
    if (!(wrapper instanceof ActionWrapper))
      throw new TypeError(`VectorizeAction: got ${String(wrapper)}, expected an ActionWrapper`);
    this.#wrapper = wrapper;
    this.singleActionSpace = wrapper.actionSpace;
    this.actionSpace = batchSpace(wrapper.actionSpace, env.numEnvs);
  }

  override step(actions: unknown): VectorStep<unknown> {
    const each = splitActions(this.singleActionSpace, actions, this.numEnvs);
    const inner = each.map((action) => this.#wrapper.action(action));
    return this.env.step(concatenate(this.env.singleActionSpace, inner));
  }
}
