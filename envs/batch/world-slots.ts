import type { ObsArray } from "../batch-env.ts";
import type { EnvMetadata, Info, Seed, SnapshotOptions } from "../env.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import type { Space } from "../spaces/space.ts";
import type { RandomStream } from "../world/random-stream.ts";
import { loadWorld, saveWorld } from "../world/world-snapshot.ts";
import type { ActionArray, Outcome, World } from "../world/world.ts";
import { OrderState, orderLayer, readOrderLayer, readTimeLimitLayer, timeLimitLayer } from "../wrappers/layers.ts";
import type { EnvSlots } from "./env-slots.ts";

/** What of `make`'s wrapping the batched form repeats. */
export interface BatchOptions {
  /** Steps after which an episode is truncated; null: no time limit. */
  readonly maxEpisodeSteps: number | null;
  /** Whether snapshots have the layer of `OrderEnforcing`, as those of the single form. */
  readonly orderEnforce: boolean;
}

/** N states and N random streams of one world, with its time limit. */
export class WorldSlots<S, R extends RandomStream> implements EnvSlots {
  readonly numEnvs: number;
  readonly name: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  readonly obsSize: number;
  readonly #world: World<S, R>;
  readonly #options: BatchOptions;
  readonly #limit: number;
  readonly #states: S[];
  readonly #randoms: R[];
  readonly #steps: Int32Array;
  readonly #order: Uint8Array;

  constructor(world: World<S, R>, numEnvs: number, options: BatchOptions) {
    this.numEnvs = numEnvs;
    this.name = world.name;
    this.observationSpace = world.observationSpace;
    this.actionSpace = world.actionSpace;
    this.metadata = world.metadata;
    this.obsSize = world.observationSpace.size;
    this.#world = world;
    this.#options = options;
    this.#limit = options.maxEpisodeSteps ?? Infinity;
    this.#states = Array.from({ length: numEnvs }, () => world.createState());
    this.#randoms = Array.from({ length: numEnvs }, () => world.createRandom(0)); // replaced by the first seed or restore
    this.#steps = new Int32Array(numEnvs);
    this.#order = new Uint8Array(numEnvs);
  }

  seed(i: number, seed: Seed): void {
    this.#randoms[i] = this.#world.createRandom(seed);
  }

  begin(i: number, options?: Kwargs): void {
    this.#world.reset(this.#states[i]!, this.#randoms[i]!, options);
    this.#steps[i] = 0;
    this.#order[i] = OrderState.running;
  }

  advance(i: number, actions: ActionArray, at: number, outcome: Outcome): void {
    this.#world.step(this.#states[i]!, actions, at, this.#randoms[i]!, outcome);
    // The order layer lies inside the time limit: it does not learn of truncation by it.
    if (outcome.terminated || outcome.truncated) this.#order[i] = OrderState.ended;
    const steps = this.#steps[i]! + 1;
    this.#steps[i] = steps;
    if (steps >= this.#limit) outcome.truncated = true;
  }

  observe(i: number, obs: ObsArray, at: number): void {
    this.#world.observe(this.#states[i]!, obs, at);
  }

  info(i: number): Info {
    return this.#world.info?.(this.#states[i]!) ?? {};
  }

  isRunning(i: number): boolean {
    return this.#order[i] === OrderState.running && this.#steps[i]! < this.#limit;
  }

  snapshot(i: number, { random = true }: SnapshotOptions = {}): Uint8Array {
    const { orderEnforce, maxEpisodeSteps } = this.#options;
    const order = this.#order[i] as OrderState; // nothing else is written there
    const isReset = order !== OrderState.notReset;
    let bytes = saveWorld(this.#world, this.#states[i]!, isReset, random ? this.#randoms[i]! : null);
    if (orderEnforce) bytes = orderLayer(order, bytes);
    if (maxEpisodeSteps !== null) bytes = timeLimitLayer(this.#steps[i]!, bytes);
    return bytes;
  }

  restore(i: number, bytes: Uint8Array): void {
    const { orderEnforce, maxEpisodeSteps } = this.#options;
    const timed = maxEpisodeSteps === null ? { steps: 0, inner: bytes } : readTimeLimitLayer(bytes);
    const ordered = orderEnforce ? readOrderLayer(timed.inner) : null;
    const loaded = loadWorld(this.#world, ordered?.inner ?? timed.inner);
    this.#states[i] = loaded.state;
    this.#steps[i] = timed.steps;
    this.#order[i] = ordered?.state ?? (loaded.isReset ? OrderState.running : OrderState.notReset);
    if (loaded.random !== null) this.#randoms[i] = loaded.random;
  }

  close(): void {}
}
