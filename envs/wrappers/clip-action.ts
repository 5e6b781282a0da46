import type { Env } from "../env.ts";
import { Box } from "../spaces/box.ts";
import type { Space } from "../spaces/space.ts";
import { boxActions } from "./box-spaces.ts";
import type { FloatArray } from "./box-spaces.ts";
import { ActionWrapper } from "./wrapper.ts";

/** Takes any action and clips it to the env's bounds. */
export class ClipAction<Obs> extends ActionWrapper<Obs, FloatArray, FloatArray> {
  readonly #box: Box;

  /** Throws TypeError unless actions are a Box. */
  constructor(env: Env<Obs, FloatArray>) {
    super(env, {});
    this.#box = boxActions(env as Env<never, never>, "ClipAction");
    const { shape, dtype } = this.#box;
    this.actionSpace = new Box(-Infinity, Infinity, { shape, dtype }) as unknown as Space<FloatArray>; // floats, as before
  }

  override action(action: FloatArray): FloatArray {
    const { low, high } = this.#box;
    return action.map((value, i) => Math.min(Math.max(value, low[i]!), high[i]!));
  }
}
