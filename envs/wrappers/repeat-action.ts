import type { Env, Info } from "../env.ts";
import { ValueError } from "../errors.ts";
import { Wrapper } from "./wrapper.ts";

/** Repeats each action `numRepeats` times or until the end; rewards add up. */
export class RepeatAction<Obs, Action> extends Wrapper<Obs, Action> {
  readonly #numRepeats: number;

  /** Throws TypeError unless `numRepeats` is an integer, ValueError unless it is at least 1. */
  constructor(env: Env<Obs, Action>, numRepeats: number) {
    super(env, { numRepeats });
    if (!Number.isInteger(numRepeats))
      throw new TypeError(`RepeatAction: got ${String(numRepeats)}, expected an integer`);
    if (numRepeats < 1) throw new ValueError(`RepeatAction: got ${numRepeats}, expected at least 1`);
    this.#numRepeats = numRepeats;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const result = this.env.step(action);
    for (let i = 1; i < this.#numRepeats && !result[2] && !result[3]; i++) {
      const [obs, reward, terminated, truncated, info] = this.env.step(action);
      [result[0], result[2], result[3], result[4]] = [obs, terminated, truncated, info];
      result[1] += reward;
    }
    return result;
  }
}
