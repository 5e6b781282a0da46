import { availableParallelism } from "node:os";
import type { EnvMetadata, Info, ResetOptions } from "../env.ts";
import {
  AlreadyPendingCallError,
  AssertionError,
  ClosedEnvironmentError,
  NoAsyncCallError,
  TimeoutError,
  ValueError,
} from "../errors.ts";
import type { Frame } from "../frame.ts";
import type { MakeOptions } from "../make.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { EnvSpec } from "../registry.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { concatenate, createEmptyArray, iterate } from "../spaces/batch-values.ts";
import { spaceFromData } from "../spaces/space-data.ts";
import type { Space } from "../spaces/space.ts";
import { addInfo } from "../vector/batch-info.ts";
import type { BatchedInfo } from "../vector/batch-info.ts";
import { agreeOnSpaces } from "../vector/observation-mode.ts";
import type { ObservationMode } from "../vector/observation-mode.ts";
import { splitActions } from "../vector/split-actions.ts";
import { checkAutoresetMode, resetOptionsOf, spreadSeeds, takeResetMask } from "../vector/vector-env.ts";
import type { AutoresetMode, VectorEnv, VectorResetOptions, VectorStep } from "../vector/vector-env.ts";
import { EnvThread } from "./env-thread.ts";
import { importSpecifier } from "./import-specifier.ts";
import type { Command, EnvRecipe, MadeEnv, Reply } from "./messages.ts";
import { unpackError } from "./packed-error.ts";
import { copyOut, createSharedStep } from "./shared-step.ts";
import type { SharedStep } from "./shared-step.ts";

/** One environment of an `AsyncVectorEnv`: what its thread gives to `make`. */
export interface ThreadEnv {
  /** A registered id, or a spec, wrappers included. What it names must be registered in the thread: built in, or by `imports`. */
  readonly id: string | EnvSpec;
  /** Arguments of the world. */
  readonly kwargs?: Kwargs;
  /** As `make` takes them. */
  readonly options?: MakeOptions;
}

/** Options of `AsyncVectorEnv`. */
export interface AsyncVectorOptions {
  /** Default NextStep, as in Gymnasium. */
  readonly autoresetMode?: AutoresetMode;
  /** How far the copies' observation spaces may differ; default same. */
  readonly observationMode?: ObservationMode;
  /** Threads that the envs are spread over (default: one per core, at most one per env). Results do not depend on it. */
  readonly numThreads?: number;
  /** Modules that register environments, loaded in every thread: URLs, paths, or package names. */
  readonly imports?: readonly (string | URL)[];
  /** How long `reset`, `step` and calls may take [s] (default: no limit). */
  readonly timeoutSeconds?: number;
}

type Call = "reset" | "step" | "call";

/** A call under way: the replies that have come, by thread. */
interface Pending {
  readonly call: Call;
  readonly replies: Map<EnvThread, Reply | null>;
}

/**
 * Steps environments in worker threads: for slow ones, in Node alone. Made by `AsyncVectorEnv.create` or `makeAsyncVec`. The same results as `SyncVectorEnv`, env by env.
 *
 * `step` and `reset` wait; `stepAsync` and `resetAsync` start the work and `stepWait` and `resetWait` wait for it, so that the caller can
 * do something else meanwhile. What an env throws is thrown here in the same class, with the env's index. After a timeout the call is
 * still under way: wait again, or close. Infos must consist of what structured cloning can copy.
 */
export class AsyncVectorEnv implements VectorEnv {
  readonly numEnvs: number;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata & { readonly autoresetMode: AutoresetMode };
  spec: EnvSpec;
  closed = false;
  readonly #mode: AutoresetMode;
  readonly #threads: readonly EnvThread[];
  readonly #memory: SharedStep;
  readonly #timeoutSeconds: number;
  /** Last observations, where they do not fit into shared memory. */
  readonly #obs: unknown[];
  readonly #isOver: Uint8Array;
  #pending: Pending | null = null;

  private constructor(
    threads: readonly EnvThread[],
    made: readonly MadeEnv[],
    mode: AutoresetMode,
    observationMode: ObservationMode,
    timeoutSeconds: number,
  ) {
    this.#threads = threads;
    this.#mode = mode;
    this.#timeoutSeconds = timeoutSeconds;
    this.numEnvs = made.length;
    const first = made[0]!; // create makes at least one
    const copies = made.map(({ observationSpace, actionSpace }) => ({
      observationSpace: spaceFromData(observationSpace),
      actionSpace: spaceFromData(actionSpace),
    }));
    const spaces = agreeOnSpaces("AsyncVectorEnv", copies, observationMode);
    this.singleObservationSpace = spaces.singleObservationSpace;
    this.observationSpace = spaces.observationSpace;
    this.singleActionSpace = copies[0]!.actionSpace;
    this.actionSpace = batchSpace(this.singleActionSpace, this.numEnvs);
    this.metadata = { ...first.metadata, autoresetMode: mode };
    this.spec = EnvSpec.fromJson(first.spec);
    this.#memory = createSharedStep(this.singleObservationSpace, this.numEnvs);
    const zeros = createEmptyArray(this.singleObservationSpace, this.numEnvs);
    this.#obs = iterate(this.singleObservationSpace, zeros, this.numEnvs);
    this.#isOver = new Uint8Array(this.numEnvs);
  }

  /**
   * Starts the threads and makes the environments in them.
   *
   * Throws what making one threw, with its index; RuntimeError when their spaces differ more than `observationMode` allows or a module does not load; ValueError without
   * envs or on wrong options.
   */
  static async create(envs: readonly ThreadEnv[], options: AsyncVectorOptions = {}): Promise<AsyncVectorEnv> {
    const { autoresetMode = "NextStep", observationMode = "same", imports = [], timeoutSeconds = Infinity } = options;
    const mode = checkAutoresetMode(autoresetMode);
    const numThreads = countThreads(envs.length, options.numThreads);
    if (!(timeoutSeconds > 0)) throw new ValueError(`timeoutSeconds: got ${timeoutSeconds}, expected more than 0`);
    const recipes = envs.map(recipeOf);
    const numReplies = new Int32Array(new SharedArrayBuffer(4 * numThreads));
    const specifiers = imports.map(importSpecifier);
    const starts = Array.from({ length: numThreads }, (_, threadIndex) => {
      const [firstEnv, end] = [0, 1].map((k) => Math.floor(((threadIndex + k) * recipes.length) / numThreads));
      const own = recipes.slice(firstEnv, end);
      return EnvThread.start({
        numReplies,
        threadIndex,
        firstEnv: firstEnv!,
        recipes: own,
        imports: specifiers,
        autoresetMode: mode,
      });
    });
    const started = await Promise.allSettled(starts);
    const threads = started.flatMap((start) => (start.status === "fulfilled" ? [start.value.thread] : []));
    try {
      for (const start of started) if (start.status === "rejected") throw start.reason;
      const made = started.flatMap((start) => (start.status === "fulfilled" ? start.value.envs : []));
      const env = new AsyncVectorEnv(threads, made, mode, observationMode, timeoutSeconds);
      env.#share();
      return env;
    } catch (error) {
      for (const thread of threads) thread.terminate();
      throw error;
    }
  }

  reset(options?: VectorResetOptions): [unknown, Info] {
    this.resetAsync(options);
    return this.resetWait();
  }

  step(actions: unknown): VectorStep<unknown> {
    this.stepAsync(actions);
    return this.stepWait();
  }

  /** Starts a reset; `resetWait` waits for it. Throws AlreadyPendingCallError while another call is under way. */
  resetAsync({ seed, options }: VectorResetOptions = {}): void {
    this.#checkFree("resetAsync");
    const seeds = spreadSeeds(seed, this.numEnvs);
    const { mask, rest } = takeResetMask(options, this.numEnvs);
    const resets = seeds.map((one, i): ResetOptions | null =>
      mask === null || mask[i] ? resetOptionsOf(one, rest) : null,
    );
    this.#ask("reset", (first, end) => ({ kind: "reset", resets: resets.slice(first, end) }));
  }

  /** What the reset came to. Throws NoAsyncCallError without one, TimeoutError when it takes longer. */
  resetWait(timeoutSeconds = this.#timeoutSeconds): [unknown, Info] {
    const replies = this.#wait("reset", timeoutSeconds);
    const infos: BatchedInfo = {};
    for (const [i, result] of replies.flatMap((reply) => (reply.kind === "reset" ? reply.results : [])).entries()) {
      if (result === null) continue;
      this.#isOver[i] = 0;
      if ("obs" in result) this.#obs[i] = result.obs;
      addInfo(infos, result.info, i, this.numEnvs);
    }
    return [this.#batchedObs(), infos];
  }

  /**
   * Starts a step; `stepWait` waits for it. Throws ValueError on a wrong number of actions, AssertionError when an env has ended in mode
   * Disabled, AlreadyPendingCallError while another call is under way.
   */
  stepAsync(actions: unknown): void {
    this.#checkFree("stepAsync");
    const each = splitActions(this.singleActionSpace, actions, this.numEnvs);
    if (this.#mode === "Disabled" && this.#isOver.includes(1)) {
      throw new AssertionError(
        `AsyncVectorEnv.step: env ${this.#isOver.indexOf(1)} has ended; reset it with options.resetMask first`,
      );
    }
    this.#ask("step", (first, end) => ({ kind: "step", actions: each.slice(first, end) }));
  }

  /** What the step came to. Throws what an env threw, NoAsyncCallError without a step, TimeoutError when it takes longer. */
  stepWait(timeoutSeconds = this.#timeoutSeconds): VectorStep<unknown> {
    const replies = this.#wait("step", timeoutSeconds);
    const { rewards, terminated, truncated } = this.#memory;
    const infos: BatchedInfo = {};
    for (const [i, result] of replies.flatMap((reply) => (reply.kind === "step" ? reply.results : [])).entries()) {
      this.#isOver[i] = terminated[i]! | truncated[i]!;
      if ("obs" in result) this.#obs[i] = result.obs;
      if (result.final !== null) addInfo(infos, result.final, i, this.numEnvs);
      addInfo(infos, result.info, i, this.numEnvs);
    }
    return [this.#batchedObs(), rewards.slice(), terminated.slice(), truncated.slice(), infos];
  }

  /** What each env's method returns, or its attribute. */
  call(name: string, ...args: readonly unknown[]): unknown[] {
    this.#checkFree("call");
    this.#ask("call", () => ({ kind: "call", name, args }));
    return this.#wait("call", this.#timeoutSeconds).flatMap((reply) => (reply.kind === "values" ? reply.values : []));
  }

  /** The attribute of every env, wrappers included. */
  getAttr(name: string): unknown[] {
    return this.call(name);
  }

  /** Sets an attribute of every env: a list gives each its own. Throws ValueError on a list of another length. */
  setAttr(name: string, values: unknown): void {
    this.#checkFree("setAttr");
    if (Array.isArray(values) && values.length !== this.numEnvs) {
      throw new ValueError(`setAttr ${name}: got ${values.length} values, expected ${this.numEnvs}`);
    }
    const each = Array.isArray(values)
      ? (values as readonly unknown[])
      : Array.from({ length: this.numEnvs }, () => values);
    this.#ask("call", (first, end) => ({ kind: "set", name, values: each.slice(first, end) }));
    this.#wait("call", this.#timeoutSeconds);
  }

  render(): readonly (Frame | null)[] {
    return this.call("render") as (Frame | null)[]; // what render of an Env returns
  }

  /**
   * Closes the environments and ends the threads; safe to repeat. Waits at most `timeoutSeconds` for a call under way and for the
   * envs to close, then ends the threads as they are.
   */
  close(timeoutSeconds = 5): void {
    if (this.closed) return;
    this.closed = true;
    const deadline = performance.now() + timeoutSeconds * 1000;
    const isFree = (thread: EnvThread): boolean =>
      this.#pending?.replies.get(thread) !== null || thread.answer(deadline) !== null;
    const free = this.#threads.filter(isFree);
    for (const thread of free) thread.ask({ kind: "close" });
    for (const thread of free) thread.answer(deadline);
    for (const thread of this.#threads) thread.terminate();
    this.#pending = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `AsyncVectorEnv(${this.spec.id}, num_envs=${this.numEnvs})`;
  }

  #share(): void {
    this.#ask("call", () => ({ kind: "share", memory: this.#memory }));
    this.#wait("call", Infinity);
  }

  #checkFree(method: string): void {
    if (this.closed) throw new ClosedEnvironmentError("AsyncVectorEnv: it was closed, make a new one");
    if (this.#pending === null) return;
    const { call } = this.#pending;
    throw new AlreadyPendingCallError(`AsyncVectorEnv.${method}: a ${call} is under way, wait for it first`, call);
  }

  #ask(call: Call, command: (firstEnv: number, endEnv: number) => Command): void {
    for (const thread of this.#threads) thread.ask(command(thread.firstEnv, thread.firstEnv + thread.numEnvs));
    this.#pending = { call, replies: new Map(this.#threads.map((thread) => [thread, null])) };
  }

  /** The replies of all threads in order. Throws the first error among them once all have come. */
  #wait(call: Call, timeoutSeconds: number): Reply[] {
    if (this.closed) throw new ClosedEnvironmentError("AsyncVectorEnv: it was closed, make a new one");
    const pending = this.#pending;
    if (pending?.call !== call)
      throw new NoAsyncCallError(`AsyncVectorEnv.${call}Wait: no ${call} is under way, call ${call}Async first`, call);
    const deadline = performance.now() + timeoutSeconds * 1000;
    for (const [thread, reply] of pending.replies) {
      if (reply === null) pending.replies.set(thread, thread.answer(deadline));
    }
    const late = this.#threads.filter((thread) => pending.replies.get(thread) === null);
    if (late.length > 0) throw new TimeoutError(`${call}: ${namesOf(late)} did not answer within ${timeoutSeconds} s`);
    this.#pending = null;
    const replies: Reply[] = [];
    for (const [thread, reply] of pending.replies) {
      if (reply?.kind === "error") throw unpackError(reply.error, `env ${reply.envIndex}`);
      if (reply?.kind === "ended") thread.throwEnded(reply.error);
      replies.push(reply!); // none is missing
    }
    return replies;
  }

  #batchedObs(): unknown {
    const { obs } = this.#memory;
    return obs === null ? concatenate(this.singleObservationSpace, this.#obs) : copyOut(obs);
  }
}

function namesOf(threads: readonly EnvThread[]): string {
  const indices = threads.flatMap(({ firstEnv, numEnvs }) => Array.from({ length: numEnvs }, (_, i) => firstEnv + i));
  return `${indices.length === 1 ? "env" : "envs"} ${indices.join(", ")}`;
}

function countThreads(numEnvs: number, asked: number | undefined): number {
  if (numEnvs === 0) throw new ValueError("AsyncVectorEnv: got no envs, expected at least 1");
  if (asked === undefined) return Math.min(numEnvs, availableParallelism());
  if (Number.isInteger(asked) && asked >= 1) return Math.min(asked, numEnvs);
  throw new ValueError(`numThreads: got ${String(asked)}, expected an integer of at least 1`);
}

function recipeOf({ id, kwargs = {}, options = {} }: ThreadEnv): EnvRecipe {
  return { id: id instanceof EnvSpec ? { json: id.toJson() } : id, kwargs, options };
}
