import type { Env } from "../env.ts";
import type { Bound } from "../spaces/box.ts";
import type { Space } from "../spaces/space.ts";
import { rescaleBox } from "./box-affine.ts";
import type { BoxAffine } from "./box-affine.ts";
import { boxActions } from "./box-spaces.ts";
import type { FloatArray } from "./box-spaces.ts";
import { ActionWrapper } from "./wrapper.ts";

/** Takes actions in [minAction, maxAction] and maps them affinely onto the env's bounds. */
export class RescaleAction<Obs> extends ActionWrapper<Obs, FloatArray, FloatArray> {
  readonly #affine: BoxAffine;

  /**
   * Throws TypeError unless actions are a Box, InvalidBound when the new bounds are equal, ValueError where infinite bounds would become finite
   * or the other way round.
   */
  constructor(env: Env<Obs, FloatArray>, minAction: Bound, maxAction: Bound) {
    super(env, { minAction, maxAction });
    const box = boxActions(env as Env<never, never>, "RescaleAction");
    this.#affine = rescaleBox(box, minAction, maxAction);
    this.actionSpace = this.#affine.box as unknown as Space<FloatArray>; // floats, as before
  }

  override action(action: FloatArray): FloatArray {
    return this.#affine.backward(action) as FloatArray; // floats, as before
  }
}
