import type { ObsArray } from "../batch-env.ts";
import type { Env, EnvMetadata, Info, ResetOptions, Seed, SnapshotOptions } from "../env.ts";
import { InvalidAction, ResetNeeded } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { checkSeed, freshEntropy } from "../random/entropy.ts";
import type { EnvSpec } from "../registry.ts";
import { Discrete } from "../spaces/discrete.ts";
import type { Space } from "../spaces/space.ts";
import { checkResetOptions } from "./check-reset-options.ts";
import { describeAction } from "./describe-action.ts";
import type { RandomStream } from "./random-stream.ts";
import { loadWorld, saveWorld } from "./world-snapshot.ts";
import type { ActionArray, Outcome, World } from "./world.ts";

/** The single form of a world: an env without any wrapper. Every observation is a new array. */
export class WorldEnv<S, R extends RandomStream> implements Env<ObsArray, number | Float32Array> {
  readonly world: World<S, R>;
  readonly observationSpace: Space<ObsArray>;
  readonly actionSpace: Space<number | Float32Array>;
  readonly metadata: EnvMetadata;
  spec: EnvSpec | null = null;
  /** The state; changed in place by `step`. Null before the first reset. */
  state: S | null = null;
  #random: R | null = null;
  #seed: bigint | null = null;
  readonly #action: ActionArray;
  readonly #outcome: Outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };

  constructor(world: World<S, R>) {
    this.world = world;
    this.observationSpace = world.observationSpace as unknown as Space<ObsArray>; // float32 or uint8 by World's contract
    this.actionSpace = world.actionSpace as unknown as Space<number | Float32Array>;
    this.metadata = world.metadata;
    this.#action = world.actionSpace instanceof Discrete ? new Int32Array(1) : new Float32Array(world.actionSpace.size);
  }

  /** The env's random stream; made from fresh entropy on first use unless `reset` was given a seed. */
  get random(): R {
    if (this.#random === null) this.#reseed(freshEntropy());
    return this.#random!;
  }

  set random(random: R) {
    this.#random = random;
    this.#seed = -1n;
  }

  /** The seed of the random stream; -1 for a foreign or restored stream. */
  get randomSeed(): bigint {
    if (this.#seed === null) this.#reseed(freshEntropy());
    return this.#seed!;
  }

  reset(given: ResetOptions = {}): [ObsArray, Info] {
    const { seed, options } = checkResetOptions(this.world.name, given);
    if (seed !== undefined) this.#reseed(seed);
    const state = this.state ?? this.world.createState();
    this.world.reset(state, this.random, options);
    this.state = state;
    return [this.#observe(state), this.#info(state)];
  }

  step(action: number | Float32Array): [ObsArray, number, boolean, boolean, Info] {
    const { state, world } = this;
    if (state === null) throw new ResetNeeded(`${world.name}.step: call reset before the first step`);
    const outcome = this.#outcome;
    this.#readAction(action);
    outcome.reward = 0;
    outcome.terminated = false;
    outcome.truncated = false;
    outcome.elapsed = 1;
    world.step(state, this.#action, 0, this.random, outcome);
    const info = outcome.elapsed === 1 ? this.#info(state) : { ...this.#info(state), elapsedTime: outcome.elapsed };
    return [this.#observe(state), outcome.reward, outcome.terminated, outcome.truncated, info];
  }

  render(): Frame | null {
    if (this.state === null) throw new ResetNeeded(`${this.world.name}.render: call reset before the first render`);
    return this.world.draw(this.state);
  }

  snapshot({ random = true }: SnapshotOptions = {}): Uint8Array {
    const state = this.state ?? this.world.createState();
    return saveWorld(this.world, state, this.state !== null, random ? this.random : null);
  }

  restore(bytes: Uint8Array): void {
    const loaded = loadWorld(this.world, bytes);
    this.state = loaded.isReset ? loaded.state : null;
    if (loaded.random !== null) this.random = loaded.random;
  }

  close(): void {}

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return this.spec === null ? `<${this.world.name}Env instance>` : `<${this.world.name}Env<${this.spec.id}>>`;
  }

  #reseed(seed: Seed): void {
    this.#seed = checkSeed(seed);
    this.#random = this.world.createRandom(seed);
  }

  #observe(state: S): ObsArray {
    const obs = this.world.observationSpace.zeros() as ObsArray; // float32 or uint8 by World's contract
    this.world.observe(state, obs, 0);
    return obs;
  }

  #info(state: S): Info {
    return this.world.info?.(state) ?? {};
  }

  #readAction(action: unknown): void {
    const { actionSpace, name } = this.world;
    if (!actionSpace.contains(action)) {
      throw new InvalidAction(
        `${name}.step: got action ${describeAction(action)}, expected one of ${String(actionSpace)}`,
      );
    }
    if (typeof action === "object") this.#action.set(action as unknown as ArrayLike<number>);
    else this.#action[0] = Number(action);
  }
}
