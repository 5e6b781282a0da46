import type { Env, EnvMetadata, Info } from "../env.ts";
import { AssertionError, ClosedEnvironmentError, ValueError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import type { EnvSpec } from "../registration/env-spec.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { concatenate, createEmptyArray, iterate, putRow } from "../spaces/batch-values.ts";
import type { Space } from "../spaces/space.ts";
import { getWrapperAttr, setWrapperAttr } from "../wrappers/wrapper-attr.ts";
import { addInfo } from "./batch-info.ts";
import type { BatchedInfo } from "./batch-info.ts";
import { EnvCopy } from "./env-copy.ts";
import { agreeOnSpaces } from "./observation-mode.ts";
import type { ObservationMode } from "./observation-mode.ts";
import { splitActions } from "./split-actions.ts";
import { checkAutoresetMode, resetOptionsOf, spreadSeeds, takeResetMask } from "./vector-env.ts";
import type { AutoresetMode, VectorEnv, VectorResetOptions, VectorStep } from "./vector-env.ts";

/** Options of `SyncVectorEnv`. */
export interface SyncVectorOptions {
  /** Default NextStep, as in Gymnasium. */
  readonly autoresetMode?: AutoresetMode;
  /** How far the copies' observation spaces may differ; default same. */
  readonly observationMode?: ObservationMode;
  /** Whether every call returns observations of its own (default), or always the same arrays, written anew. */
  readonly copy?: boolean;
}

/**
 * Steps copies of an environment one after the other: `gymnasium.vector.SyncVectorEnv`.
 *
 * Autoreset as `AutoresetMode` says. SameStep: `info.final_obs` and `info.final_info` hold what an episode ended with.
 * Disabled: the caller resets ended copies with `reset({ options: { resetMask } })`; stepping one throws AssertionError.
 * After `close`, `reset` and `step` throw ClosedEnvironmentError.
 */
export class SyncVectorEnv implements VectorEnv {
  readonly numEnvs: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata & { readonly autoresetMode: AutoresetMode };
  /** The copies. */
  readonly envs: readonly Env[];
  spec: EnvSpec | null;
  closed = false;
  readonly #mode: AutoresetMode;
  readonly #obs: unknown[];
  readonly #copies: readonly EnvCopy[];
  /** what every call returns; null where each returns its own */
  readonly #shared: unknown;

  /**
   * Throws RuntimeError when the envs' spaces differ more than `observationMode` allows, ValueError without envs, on an unknown mode, and where spaces
   * cannot be batched together.
   */
  constructor(
    envFns: readonly (() => Env)[],
    { autoresetMode = "NextStep", observationMode = "same", copy = true }: SyncVectorOptions = {},
  ) {
    if (envFns.length === 0) throw new ValueError("SyncVectorEnv: got no envs, expected at least 1");
    this.#mode = checkAutoresetMode(autoresetMode);
    this.envs = envFns.map((make) => make());
    const first = this.envs[0]!;
    this.numEnvs = this.envs.length;
    const spaces = agreeOnSpaces("SyncVectorEnv", this.envs, observationMode);
    this.singleObservationSpace = spaces.singleObservationSpace;
    this.observationSpace = spaces.observationSpace;
    this.singleActionSpace = first.actionSpace;
    this.actionSpace = batchSpace(first.actionSpace, this.numEnvs);
    this.metadata = { ...first.metadata, autoresetMode: this.#mode };
    this.spec = first.spec;
    const zeros = createEmptyArray(this.singleObservationSpace, this.numEnvs);
    this.#obs = iterate(this.singleObservationSpace, zeros, this.numEnvs);
    this.#shared = copy ? null : zeros;
    this.#copies = this.envs.map((env) => new EnvCopy(env, this.#mode));
  }

  reset({ seed, options }: VectorResetOptions = {}): [unknown, Info] {
    this.#checkOpen();
    const seeds = spreadSeeds(seed, this.numEnvs);
    const { mask, rest } = takeResetMask(options, this.numEnvs);
    const infos: BatchedInfo = {};
    for (const [i, copy] of this.#copies.entries()) {
      if (mask !== null && !mask[i]) continue;
      const [obs, info] = copy.reset(resetOptionsOf(seeds[i], rest));
      this.#obs[i] = obs;
      addInfo(infos, info, i, this.numEnvs);
    }
    return [this.#batchedObs(), infos];
  }

  step(actions: unknown): VectorStep<unknown> {
    this.#checkOpen();
    const { numEnvs } = this;
    const each = splitActions(this.singleActionSpace, actions, numEnvs);
    const ended = this.#mode === "Disabled" ? this.#copies.findIndex((copy) => copy.isOver) : -1;
    if (ended >= 0)
      throw new AssertionError(`SyncVectorEnv.step: env ${ended} has ended; reset it with options.resetMask first`);
    const rewards = new Float64Array(numEnvs);
    const [terminated, truncated] = [new Uint8Array(numEnvs), new Uint8Array(numEnvs)];
    const infos: BatchedInfo = {};
    for (const [i, copy] of this.#copies.entries()) {
      const step = copy.step(each[i]);
      this.#obs[i] = step.obs;
      rewards[i] = step.reward;
      terminated[i] = Number(step.terminated);
      truncated[i] = Number(step.truncated);
      if (step.final !== null) addInfo(infos, step.final, i, numEnvs);
      addInfo(infos, step.info, i, numEnvs);
    }
    return [this.#batchedObs(), rewards, terminated, truncated, infos];
  }

  render(): readonly (Frame | null)[] {
    return this.envs.map((env) => env.render());
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

  /** The attribute of every env, wrappers included. Throws AttributeError where there is none. */
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

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `SyncVectorEnv(${this.spec === null ? "" : `${this.spec.id}, `}num_envs=${this.numEnvs})`;
  }

  #checkOpen(): void {
    if (this.closed) throw new ClosedEnvironmentError("SyncVectorEnv: it was closed, make a new one");
  }

  #batchedObs(): unknown {
    if (this.#shared === null) return concatenate(this.singleObservationSpace, this.#obs);
    for (const [i, obs] of this.#obs.entries()) putRow(this.singleObservationSpace, this.#shared, i, obs);
    return this.#shared;
  }
}
