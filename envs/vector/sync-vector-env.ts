import type { Env, EnvMetadata, Info, ResetOptions, Seed } from "../env.ts";
import { AssertionError, ClosedEnvironmentError, RuntimeError, ValueError } from "../errors.ts";
import type { EnvSpec } from "../registration/env-spec.ts";
import { batchSpace, concatenate, createEmptyArray, iterate } from "../spaces/batch-space.ts";
import type { Space } from "../spaces/space.ts";
import { getWrapperAttr, setWrapperAttr } from "../wrappers/wrapper-attr.ts";
import { addInfo } from "./batch-info.ts";
import type { BatchedInfo } from "./batch-info.ts";
import { splitActions } from "./split-actions.ts";
import { checkAutoresetMode, spreadSeeds, takeResetMask } from "./vector-env.ts";
import type { AutoresetMode, VectorEnv, VectorResetOptions, VectorStep } from "./vector-env.ts";

/** Options of `SyncVectorEnv`. */
export interface SyncVectorOptions {
  /** Default NextStep, as in Gymnasium. */
  readonly autoresetMode?: AutoresetMode;
}

/**
 * Steps copies of an environment one after the other.
 *
 * NextStep: the step after an end ignores that copy's action and resets it (reward 0, no flags).
 * SameStep: an ended copy is reset within the step; `info.final_obs` and `info.final_info` hold what the episode ended with.
 * Disabled: the caller resets ended copies with `reset({ options: { resetMask } })`; stepping one throws AssertionError.
 */
export class SyncVectorEnv implements VectorEnv {
  readonly numEnvs: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata & { readonly autoresetMode: AutoresetMode };
  readonly envs: readonly Env[];
  spec: EnvSpec | null;
  closed = false;
  readonly #mode: AutoresetMode;
  readonly #obs: unknown[];
  readonly #isOver: Uint8Array;

  /** Throws RuntimeError when the envs' spaces differ, ValueError without envs or on an unknown mode. */
  constructor(envFns: readonly (() => Env)[], { autoresetMode = "NextStep" }: SyncVectorOptions = {}) {
    if (envFns.length === 0) throw new ValueError("SyncVectorEnv: got no envs, expected at least 1");
    this.#mode = checkAutoresetMode(autoresetMode);
    this.envs = envFns.map((make) => make());
    const first = this.envs[0]!;
    this.numEnvs = this.envs.length;
    this.singleObservationSpace = first.observationSpace;
    this.singleActionSpace = first.actionSpace;
    this.#checkSpaces();
    this.observationSpace = batchSpace(first.observationSpace, this.numEnvs);
    this.actionSpace = batchSpace(first.actionSpace, this.numEnvs);
    this.metadata = { ...first.metadata, autoresetMode: this.#mode };
    this.spec = first.spec;
    this.#obs = iterate(first.observationSpace, createEmptyArray(first.observationSpace, this.numEnvs), this.numEnvs);
    this.#isOver = new Uint8Array(this.numEnvs);
  }

  reset({ seed, options }: VectorResetOptions = {}): [unknown, Info] {
    this.#checkOpen();
    const seeds = spreadSeeds(seed, this.numEnvs);
    const { mask, rest } = takeResetMask(options, this.numEnvs);
    const infos: BatchedInfo = {};
    for (const [i, env] of this.envs.entries()) {
      if (mask !== null && !mask[i]) continue;
      const [obs, info] = env.reset(resetOptions(seeds[i], rest));
      this.#obs[i] = obs;
      this.#isOver[i] = 0;
      addInfo(infos, info, i, this.numEnvs);
    }
    return [concatenate(this.singleObservationSpace, this.#obs), infos];
  }

  step(actions: unknown): VectorStep<unknown> {
    this.#checkOpen();
    const { numEnvs } = this;
    const each = splitActions(this.singleActionSpace, actions, numEnvs);
    const rewards = new Float64Array(numEnvs);
    const [terminated, truncated] = [new Uint8Array(numEnvs), new Uint8Array(numEnvs)];
    const infos: BatchedInfo = {};
    if (this.#mode === "Disabled" && this.#isOver.includes(1)) {
      throw new AssertionError(
        `SyncVectorEnv.step: env ${this.#isOver.indexOf(1)} has ended; reset it with options.resetMask first`,
      );
    }
    for (const [i, env] of this.envs.entries()) {
      if (this.#mode === "NextStep" && this.#isOver[i] === 1) {
        const [obs, info] = env.reset();
        this.#obs[i] = obs;
        addInfo(infos, info, i, numEnvs);
        continue;
      }
      const [lastObs, reward, isTerminated, isTruncated, lastInfo] = env.step(each[i]);
      let [obs, info] = [lastObs, lastInfo];
      rewards[i] = reward;
      terminated[i] = Number(isTerminated);
      truncated[i] = Number(isTruncated);
      if (this.#mode === "SameStep" && (isTerminated || isTruncated)) {
        addInfo(infos, { final_obs: obs, final_info: info }, i, numEnvs);
        [obs, info] = env.reset();
      }
      this.#obs[i] = obs;
      addInfo(infos, info, i, numEnvs);
    }
    for (let i = 0; i < numEnvs; i++) this.#isOver[i] = terminated[i]! | truncated[i]!;
    return [concatenate(this.singleObservationSpace, this.#obs), rewards, terminated, truncated, infos];
  }

  /** The attribute of every env, or what its method returns. */
  call(name: string, ...args: readonly unknown[]): unknown[] {
    return this.envs.map((env) => {
      const value = getWrapperAttr(env, name);
      return typeof value === "function"
        ? (value as (...all: readonly unknown[]) => unknown).apply(env, [...args])
        : value;
    });
  }

  /** The attribute of every env, wrappers included. */
  getAttr(name: string): unknown[] {
    return this.envs.map((env) => getWrapperAttr(env, name));
  }

  /** Sets an attribute of every env: a list gives each its own. Throws ValueError on a list of another length. */
  setAttr(name: string, values: unknown): void {
    if (Array.isArray(values) && values.length !== this.numEnvs) {
      throw new ValueError(`setAttr ${name}: got ${values.length} values, expected ${this.numEnvs}`);
    }
    for (const [i, env] of this.envs.entries()) setWrapperAttr(env, name, Array.isArray(values) ? values[i] : values);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const env of this.envs) env.close();
  }

  toString(): string {
    return `SyncVectorEnv(${this.spec === null ? "" : `${this.spec.id}, `}num_envs=${this.numEnvs})`;
  }

  #checkOpen(): void {
    if (this.closed) throw new ClosedEnvironmentError("SyncVectorEnv: it was closed, make a new one");
  }

  #checkSpaces(): void {
    for (const [i, env] of this.envs.entries()) {
      for (const key of ["observationSpace", "actionSpace"] as const) {
        const [expected, came] = [this.envs[0]![key], env[key]];
        if (!expected.equals(came)) {
          throw new RuntimeError(
            `SyncVectorEnv: env ${i} has ${key} ${String(came)}, but env 0 has ${String(expected)}`,
          );
        }
      }
    }
  }
}

function resetOptions(seed: Seed | undefined, options: Readonly<Record<string, unknown>> | undefined): ResetOptions {
  return { ...(seed === undefined ? {} : { seed }), ...(options === undefined ? {} : { options }) };
}
