import type { Env, Info, ResetOptions } from "../env.ts";
import type { Frame } from "../frame.ts";
import { Wrapper } from "./wrapper.ts";

/**
 * Keeps the picture of every moment: after the reset and after each step, for `framesToGif` or a look back. Snapshots do not hold them.
 *
 * A world draws a new picture each time, so that those kept stay as they were.
 */
export class RenderCollection<Obs = unknown, Action = unknown> extends Wrapper<Obs, Action> {
  readonly #resetClean: boolean;
  #frames: Frame[] = [];

  /** `resetClean`: whether a reset throws away what was kept and not taken; default true. */
  constructor(env: Env<Obs, Action>, { resetClean = true }: { readonly resetClean?: boolean } = {}) {
    super(env, { resetClean });
    this.#resetClean = resetClean;
  }

  /** The pictures so far, oldest first. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** The pictures so far, which are then no longer kept. */
  takeFrames(): Frame[] {
    const taken = this.#frames;
    this.#frames = [];
    return taken;
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    const result = super.reset(options);
    if (this.#resetClean) this.#frames = [];
    this.#keep();
    return result;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const result = super.step(action);
    this.#keep();
    return result;
  }

  #keep(): void {
    const frame = this.env.render();
    if (frame !== null) this.#frames.push(frame);
  }
}
