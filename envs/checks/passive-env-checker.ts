import type { Env, Info, ResetOptions } from "../env.ts";
import type { EnvSpec } from "../registration/env-spec.ts";
import { Wrapper } from "../wrappers/wrapper.ts";
import { checkResetResult, checkStepResult } from "./result-checks.ts";
import { checkSpace } from "./space-checks.ts";

/** Looks at the spaces and at the first reset and step of an env, and returns everything unchanged. */
export class PassiveEnvChecker<Obs, Action> extends Wrapper<Obs, Action> {
  #hasReset = false;
  #hasStepped = false;

  /** Throws AttributeError, TypeError or AssertionError when the spaces are missing or none. */
  constructor(env: Env<Obs, Action>) {
    super(env, {});
    checkSpace(env, "actionSpace");
    checkSpace(env, "observationSpace");
  }

  override get spec(): EnvSpec | null {
    return this.env.spec?.with({ disableEnvChecker: false }) ?? null;
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    const result = this.env.reset(options);
    if (!this.#hasReset) checkResetResult(this.observationSpace, result);
    this.#hasReset = true;
    return result;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const result = this.env.step(action);
    if (!this.#hasStepped) checkStepResult(this.observationSpace, result);
    this.#hasStepped = true;
    return result;
  }
}
