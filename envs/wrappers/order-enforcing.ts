import type { Info, ResetOptions, SnapshotOptions } from "../env.ts";
import { ResetNeeded } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { OrderState, orderLayer, readOrderLayer } from "./layers.ts";
import type { EnvSpec } from "../registration/env-spec.ts";
import { Wrapper } from "./wrapper.ts";

/**
 * Throws ResetNeeded on `step` or `render` before the first `reset`, and on `step` after an end.
 * (Gymnasium lets a step after the end pass; here nothing continues silently.)
 */
export class OrderEnforcing<Obs, Action> extends Wrapper<Obs, Action> {
  #state: OrderState = OrderState.notReset;

  override get spec(): EnvSpec | null {
    return this.env.spec?.with({ orderEnforce: true }) ?? null;
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    const result = this.env.reset(options);
    this.#state = OrderState.running;
    return result;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    if (this.#state === OrderState.notReset) {
      throw new ResetNeeded(`${String(this)}.step: call reset before the first step`);
    }
    if (this.#state === OrderState.ended) {
      throw new ResetNeeded(`${String(this)}.step: the episode has ended (terminated or truncated), call reset first`);
    }
    const result = this.env.step(action);
    if (result[2] || result[3]) this.#state = OrderState.ended;
    return result;
  }

  override render(): Frame | null {
    if (this.#state === OrderState.notReset) {
      throw new ResetNeeded(`${String(this)}.render: call reset before the first render`);
    }
    return this.env.render();
  }

  override snapshot(options?: SnapshotOptions): Uint8Array {
    return orderLayer(this.#state, this.env.snapshot(options));
  }

  override restore(bytes: Uint8Array): void {
    const { state, inner } = readOrderLayer(bytes);
    this.env.restore(inner);
    this.#state = state;
  }
}
