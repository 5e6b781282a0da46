import type { Env, Info, ResetOptions } from "../env.ts";
import type { AutoresetMode } from "./vector-env.ts";

/** What one copy's part of a vector step came to. */
export interface CopyStep {
  /** Of the new episode where SameStep has reset the copy. */
  readonly obs: unknown;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly info: Info;
  /** What the episode ended with, where SameStep has reset the copy. */
  readonly final: { readonly final_obs: unknown; readonly final_info: Info } | null;
}

/**
 * One environment of a vector env, with its autoreset.
 *
 * NextStep: the step after an end ignores its action and resets (reward 0, no flags). SameStep: the step that ends resets as well.
 * Disabled: nothing resets by itself.
 */
export class EnvCopy {
  readonly env: Env;
  readonly #mode: AutoresetMode;
  #isOver = false;

  constructor(env: Env, mode: AutoresetMode) {
    this.env = env;
    this.#mode = mode;
  }

  /** Whether the episode has ended and nothing has reset it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  reset(options?: ResetOptions): [obs: unknown, info: Info] {
    const result = this.env.reset(options);
    this.#isOver = false;
    return result;
  }

  step(action: unknown): CopyStep {
    if (this.#isOver && this.#mode === "NextStep") {
      const [obs, info] = this.reset();
      return { obs, reward: 0, terminated: false, truncated: false, info, final: null };
    }
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    this.#isOver = terminated || truncated;
    if (!this.#isOver || this.#mode !== "SameStep") return { obs, reward, terminated, truncated, info, final: null };
    const [first, firstInfo] = this.reset();
    return { obs: first, reward, terminated, truncated, info: firstInfo, final: { final_obs: obs, final_info: info } };
  }
}
