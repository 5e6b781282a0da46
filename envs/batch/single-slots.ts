import type { ObsArray } from "../batch-env.ts";
import type { Env, EnvMetadata, Info, Seed, SnapshotOptions } from "../env.ts";
import { CustomSpaceError } from "../errors.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { flatten, flattenSpace } from "../spaces/flatten.ts";
import type { Space } from "../spaces/space.ts";
import type { ActionArray, Outcome } from "../world/world.ts";
import type { EnvSlots } from "./env-slots.ts";

/**
 * N single environments as slots: the batched form of any world that has none of its own, observations flattened to
 * uint8 (when they are bytes) or float32. It allocates what the environments allocate.
 */
export class SingleSlots implements EnvSlots {
  readonly numEnvs: number;
  readonly name: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  readonly obsSize: number;
  readonly #envs: readonly Env[];
  readonly #innerSpace: Space<unknown>;
  readonly #actionWidth: number;
  readonly #seeds: (Seed | undefined)[];
  readonly #obs: ObsArray[];
  readonly #infos: Info[];
  readonly #isRunning: boolean[];

  /** Throws CustomSpaceError when observations cannot be flattened or actions are not numbers. */
  constructor(envs: readonly Env[]) {
    const first = envs[0]!;
    this.#envs = envs;
    this.numEnvs = envs.length;
    this.name = String(first);
    this.#innerSpace = first.observationSpace;
    this.observationSpace = flatObservationSpace(this.name, first.observationSpace);
    this.obsSize = (this.observationSpace.shape ?? []).reduce((product, n) => product * n, 1);
    this.actionSpace = first.actionSpace;
    this.metadata = first.metadata;
    if (this.actionSpace.shape === null || this.actionSpace.dtype === null) {
      throw new CustomSpaceError(`${this.name}: its action space ${String(this.actionSpace)} has no batched form`);
    }
    this.#actionWidth =
      this.actionSpace instanceof Discrete ? 0 : this.actionSpace.shape.reduce((product, n) => product * n, 1);
    const isBytes = this.observationSpace.dtype === "uint8";
    this.#obs = envs.map(() => (isBytes ? new Uint8Array(this.obsSize) : new Float32Array(this.obsSize)));
    this.#seeds = envs.map(() => undefined);
    this.#infos = envs.map(() => ({}));
    this.#isRunning = envs.map(() => false);
  }

  seed(i: number, seed: Seed): void {
    this.#seeds[i] = seed;
  }

  begin(i: number, options?: Kwargs): void {
    const seed = this.#seeds[i];
    this.#seeds[i] = undefined;
    const [obs, info] = this.#envs[i]!.reset({
      ...(seed === undefined ? {} : { seed }),
      ...(options ? { options } : {}),
    });
    this.#take(i, obs, info, true);
  }

  advance(i: number, actions: ActionArray, at: number, outcome: Outcome): void {
    const width = this.#actionWidth;
    const action = width === 0 ? actions[at]! : actions.slice(at, at + width);
    const [obs, reward, terminated, truncated, info] = this.#envs[i]!.step(action);
    outcome.reward = reward;
    outcome.terminated = terminated;
    outcome.truncated = truncated;
    outcome.elapsed = info.elapsedTime ?? 1;
    this.#take(i, obs, info, !terminated && !truncated);
  }

  observe(i: number, obs: ObsArray, at: number): void {
    obs.set(this.#obs[i]!, at);
  }

  info(i: number): Info {
    return this.#infos[i]!;
  }

  isRunning(i: number): boolean {
    return this.#isRunning[i]!;
  }

  /** The env's snapshot: what it shows is not part of it, so `observe` after `restore` shows zeros until the next step. */
  snapshot(i: number, options?: SnapshotOptions): Uint8Array {
    return this.#envs[i]!.snapshot(options);
  }

  restore(i: number, bytes: Uint8Array): void {
    this.#envs[i]!.restore(bytes);
    this.#obs[i]!.fill(0);
    this.#isRunning[i] = true;
  }

  close(): void {
    for (const env of this.#envs) env.close();
  }

  #take(i: number, obs: unknown, info: Info, isRunning: boolean): void {
    this.#obs[i]!.set(flatten(this.#innerSpace, obs) as ArrayLike<number>);
    this.#infos[i] = info;
    this.#isRunning[i] = isRunning;
  }
}

function flatObservationSpace(name: string, space: Space<unknown>): Space<unknown> {
  if (!space.isFlattenable)
    throw new CustomSpaceError(`${name}: its observations ${String(space)} cannot be flattened for a batch`);
  if (space instanceof Box && (space.dtype === "uint8" || space.dtype === "float32")) return space;
  const flat = flattenSpace(space) as Box;
  return new Box(flat.low, flat.high, { shape: flat.shape, dtype: flat.dtype === "uint8" ? "uint8" : "float32" });
}
