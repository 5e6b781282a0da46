import type { Env, EnvMetadata, Info, ResetOptions, SnapshotOptions } from "../env.ts";
import type { Frame } from "../frame.ts";
import type { EnvSpec, Kwargs } from "../registration/env-spec.ts";
import { ByteReader } from "../snapshot/byte-reader.ts";
import { ByteWriter } from "../snapshot/byte-writer.ts";
import { decodeLayer, encodeLayer } from "../snapshot/layer.ts";
import type { Space } from "../spaces/space.ts";

/**
 * An environment around another one, `gymnasium.Wrapper`; as it stands it changes nothing. A subclass that changes observations or actions
 * sets `observationSpace` or `actionSpace` too.
 *
 * A wrapper with state of its own names a snapshot layer (`layer`) and writes and reads that state (`save`, `load`).
 */
export class Wrapper<Obs = unknown, Action = unknown, InnerObs = Obs, InnerAction = Action> implements Env<
  Obs,
  Action
> {
  /** What it wraps. */
  readonly env: Env<InnerObs, InnerAction>;
  /** The arguments that make this wrapper again; null where they are not recorded (functions). */
  readonly recordedKwargs: Kwargs | null;
  #observationSpace: Space<Obs> | null = null;
  #actionSpace: Space<Action> | null = null;

  /** Throws TypeError unless `env` is an environment. */
  constructor(env: Env<InnerObs, InnerAction>, recordedKwargs: Kwargs | null = null) {
    if (!isEnv(env)) throw new TypeError(`wrapper: got ${String(env)}, expected an environment`);
    this.env = env;
    this.recordedKwargs = recordedKwargs;
  }

  /** Name of the wrapper's layer in snapshots; null for wrappers without state. */
  get layer(): string | null {
    return null;
  }

  get observationSpace(): Space<Obs> {
    return this.#observationSpace ?? (this.env.observationSpace as unknown as Space<Obs>); // a wrapper that changes Obs sets it
  }

  set observationSpace(space: Space<Obs>) {
    this.#observationSpace = space;
  }

  get actionSpace(): Space<Action> {
    return this.#actionSpace ?? (this.env.actionSpace as unknown as Space<Action>); // a wrapper that changes Action sets it
  }

  set actionSpace(space: Space<Action>) {
    this.#actionSpace = space;
  }

  /** The inner spec with this wrapper appended to `additionalWrappers`. */
  get spec(): EnvSpec | null {
    const name = this.constructor.name;
    return this.env.spec?.withWrapper({ name, entryPoint: name, kwargs: this.recordedKwargs }) ?? null;
  }

  get metadata(): EnvMetadata {
    return this.env.metadata;
  }

  reset(options?: ResetOptions): [Obs, Info] {
    return this.env.reset(options) as unknown as [Obs, Info]; // as observationSpace
  }

  step(action: Action): [Obs, number, boolean, boolean, Info] {
    const inner = action as unknown as InnerAction; // as actionSpace
    return this.env.step(inner) as unknown as [Obs, number, boolean, boolean, Info];
  }

  render(): Frame | null {
    return this.env.render();
  }

  snapshot(options?: SnapshotOptions): Uint8Array {
    const inner = this.env.snapshot(options);
    if (this.layer === null) return inner;
    const writer = new ByteWriter();
    this.save(writer);
    return encodeLayer(this.layer, writer.written, inner);
  }

  restore(bytes: Uint8Array): void {
    if (this.layer === null) {
      this.env.restore(bytes);
      return;
    }
    const { payload, inner } = decodeLayer(this.layer, bytes);
    const reader = new ByteReader(payload);
    const commit = this.load(reader);
    reader.end();
    this.env.restore(inner);
    commit();
  }

  close(): void {
    this.env.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `<${this.constructor.name}${String(this.env)}>`;
  }

  /** Writes the wrapper's own state. */
  protected save(_writer: ByteWriter): void {}

  /** Reads what `save` wrote; the returned function puts it in place once the inner env has been restored. */
  protected load(_reader: ByteReader): () => void {
    return () => {};
  }
}

/** Base of wrappers that change what is observed, in `reset` and `step`: implement `observation`. */
export abstract class ObservationWrapper<Obs = unknown, Action = unknown, InnerObs = unknown> extends Wrapper<
  Obs,
  Action,
  InnerObs
> {
  /** The observation to return for the env's own. */
  abstract observation(obs: InnerObs): Obs;

  override reset(options?: ResetOptions): [Obs, Info] {
    const [obs, info] = this.env.reset(options);
    return [this.observation(obs), info];
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = (this.env as Env<InnerObs, Action>).step(action);
    return [this.observation(obs), reward, terminated, truncated, info];
  }
}

/** Base of wrappers that change actions before the env gets them: implement `action`. */
export abstract class ActionWrapper<Obs = unknown, Action = unknown, InnerAction = unknown> extends Wrapper<
  Obs,
  Action,
  Obs,
  InnerAction
> {
  /** The action to give to the env. */
  abstract action(action: Action): InnerAction;

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    return this.env.step(this.action(action));
  }
}

/** Base of wrappers that change the reward of a step: implement `reward`. */
export abstract class RewardWrapper<Obs = unknown, Action = unknown> extends Wrapper<Obs, Action> {
  /** The reward to return for the env's own. */
  abstract reward(reward: number): number;

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    return [obs, this.reward(reward), terminated, truncated, info];
  }
}

/** The innermost environment, without any wrapper: Python's `env.unwrapped`. */
export function unwrapped(env: Env): Env {
  return env instanceof Wrapper ? unwrapped(env.env as Env) : env;
}

function isEnv(env: unknown): boolean {
  const candidate = env as Partial<Env> | null | undefined;
  return (
    typeof candidate === "object" &&
    candidate !== null &&
    typeof candidate.step === "function" &&
    typeof candidate.reset === "function"
  );
}
