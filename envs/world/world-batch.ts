import type { BatchEnv, BatchStep } from "../batch-env.ts";
import type { EnvMetadata, Info, Seed, SnapshotOptions } from "../env.ts";
import { InvalidAction, ResetNeeded, ValueError } from "../errors.ts";
import { Discrete } from "../spaces/discrete.ts";
import type { Space } from "../spaces/space.ts";
import { OrderState, orderLayer, readOrderLayer, readTimeLimitLayer, timeLimitLayer } from "../wrappers/layers.ts";
import type { RandomStream } from "./random-stream.ts";
import { describeAction } from "./world-env.ts";
import { loadWorld, saveWorld } from "./world-snapshot.ts";
import type { ActionArray, Outcome, World } from "./world.ts";

/** What of `make`'s wrapping the batched form repeats. `maxEpisodeSteps` null: no time limit. */
export interface BatchOptions {
  readonly maxEpisodeSteps: number | null;
  readonly orderEnforce: boolean;
}

/** The batched form of a world: N states, N random streams, time limit, same-step autoreset. A step allocates nothing. */
export class WorldBatch<S, R extends RandomStream> implements BatchEnv {
  readonly numEnvs: number;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  readonly #world: World<S, R>;
  readonly #options: BatchOptions;
  readonly #limit: number;
  readonly #states: S[];
  readonly #randoms: R[];
  readonly #isRunning: Uint8Array;
  readonly #steps: Int32Array;
  readonly #finalInfos: Info[];
  readonly #outcome: Outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };

  constructor(world: World<S, R>, numEnvs: number, options: BatchOptions) {
    if (!Number.isInteger(numEnvs) || numEnvs < 1) {
      throw new ValueError(`${world.name} batch: got ${numEnvs} envs, expected at least 1`);
    }
    this.numEnvs = numEnvs;
    this.singleObservationSpace = world.observationSpace;
    this.singleActionSpace = world.actionSpace;
    this.metadata = world.metadata;
    this.#world = world;
    this.#options = options;
    this.#limit = options.maxEpisodeSteps ?? Infinity;
    this.#states = Array.from({ length: numEnvs }, () => world.createState());
    this.#randoms = Array.from({ length: numEnvs }, () => world.createRandom(0)); // replaced by the first reset or restore
    this.#isRunning = new Uint8Array(numEnvs);
    this.#steps = new Int32Array(numEnvs);
    this.#finalInfos = Array.from({ length: numEnvs }, () => ({}));
  }

  reset(seeds: readonly Seed[], out: BatchStep): void {
    const { numEnvs } = this;
    if (seeds.length !== numEnvs) {
      throw new ValueError(`${this.#world.name} batch: got ${seeds.length} seeds, expected ${numEnvs}`);
    }
    for (let i = 0; i < numEnvs; i++) {
      this.#randoms[i] = this.#world.createRandom(seeds[i]!);
      this.#begin(i, out);
    }
    this.#isRunning.fill(1);
  }

  step(actions: Int32Array | Float32Array, out: BatchStep): void {
    if (this.#isRunning.includes(0)) {
      throw new ResetNeeded(`${this.#world.name} batch: call reset before the first step`);
    }
    const world = this.#world;
    const outcome = this.#outcome;
    const width = this.#checkActions(actions);
    const obsSize = world.observationSpace.size;
    for (let i = 0; i < this.numEnvs; i++) {
      const state = this.#states[i]!;
      outcome.reward = 0;
      outcome.terminated = false;
      outcome.truncated = false;
      outcome.elapsed = 1;
      world.step(state, actions, i * width, this.#randoms[i]!, outcome);
      const steps = this.#steps[i]! + 1;
      this.#steps[i] = steps;
      const truncated = outcome.truncated || steps >= this.#limit;
      out.reward[i] = outcome.reward;
      out.terminated[i] = outcome.terminated ? 1 : 0;
      out.truncated[i] = truncated ? 1 : 0;
      if (outcome.terminated || truncated) {
        world.observe(state, out.finalObs, i * obsSize);
        out.finalElapsed[i] = outcome.elapsed;
        if (world.info) this.#finalInfos[i] = world.info(state);
        this.#begin(i, out);
      } else {
        world.observe(state, out.obs, i * obsSize);
        out.elapsed[i] = outcome.elapsed;
      }
    }
  }

  snapshot(i: number, { random = true }: SnapshotOptions = {}): Uint8Array {
    this.#checkIndex(i);
    const { orderEnforce, maxEpisodeSteps } = this.#options;
    const isRunning = this.#isRunning[i] === 1;
    let bytes = saveWorld(this.#world, this.#states[i]!, isRunning, random ? this.#randoms[i]! : null);
    if (orderEnforce) bytes = orderLayer(isRunning ? OrderState.running : OrderState.notReset, bytes);
    if (maxEpisodeSteps !== null) bytes = timeLimitLayer(this.#steps[i]!, bytes);
    return bytes;
  }

  restore(i: number, bytes: Uint8Array): void {
    this.#checkIndex(i);
    const { orderEnforce, maxEpisodeSteps } = this.#options;
    const timed = maxEpisodeSteps === null ? { steps: 0, inner: bytes } : readTimeLimitLayer(bytes);
    const ordered = orderEnforce ? readOrderLayer(timed.inner) : { state: OrderState.running, inner: timed.inner };
    const loaded = loadWorld(this.#world, ordered.inner);
    if (!loaded.isReset || ordered.state !== OrderState.running) {
      throw new ResetNeeded(
        `${this.#world.name} batch: env ${i} cannot continue a snapshot that is not within an episode`,
      );
    }
    this.#states[i] = loaded.state;
    this.#steps[i] = timed.steps;
    if (loaded.random !== null) this.#randoms[i] = loaded.random;
    this.#isRunning[i] = 1;
  }

  observe(i: number, out: BatchStep): void {
    this.#checkIndex(i);
    this.#world.observe(this.#states[i]!, out.obs, i * this.#world.observationSpace.size);
    out.elapsed[i] = 1;
  }

  finalInfo(i: number): Info {
    this.#checkIndex(i);
    return this.#finalInfos[i]!;
  }

  close(): void {}

  #begin(i: number, out: BatchStep): void {
    const state = this.#states[i]!;
    this.#world.reset(state, this.#randoms[i]!);
    this.#steps[i] = 0;
    this.#world.observe(state, out.obs, i * this.#world.observationSpace.size);
    out.elapsed[i] = 1;
  }

  /** Numbers per action. Throws InvalidAction naming the first env whose action is outside the space. */
  #checkActions(actions: ActionArray): number {
    const { actionSpace, name } = this.#world;
    const width = actionSpace instanceof Discrete ? 1 : actionSpace.size;
    if (actions.length !== this.numEnvs * width) {
      throw new InvalidAction(
        `${name} batch: got ${actions.length} action numbers, expected ${this.numEnvs} x ${width}`,
      );
    }
    for (let at = 0; at < actions.length; at++) {
      const value = actions[at]!;
      const isValid =
        actionSpace instanceof Discrete
          ? value >= actionSpace.start && value < actionSpace.start + actionSpace.n && Math.trunc(value) === value
          : value >= actionSpace.low[at % width]! && value <= actionSpace.high[at % width]!;
      if (!isValid) {
        const env = Math.floor(at / width);
        const action = describeAction(width === 1 ? value : actions.slice(env * width, (env + 1) * width));
        throw new InvalidAction(
          `${name} batch, env ${env}: got action ${action}, expected one of ${String(actionSpace)}`,
        );
      }
    }
    return width;
  }

  #checkIndex(i: number): void {
    if (!Number.isInteger(i) || i < 0 || i >= this.numEnvs) {
      throw new ValueError(`${this.#world.name} batch: got env index ${i}, expected 0 to ${this.numEnvs - 1}`);
    }
  }
}
