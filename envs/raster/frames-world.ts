import type { ObsArray } from "../batch-env.ts";
import type { Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import { type Generator, defaultRng } from "../random/generator.ts";
import { SeedSequence } from "../random/seed-sequence.ts";
import { Discrete } from "../spaces/discrete.ts";
import type { RandomStream } from "../world/random-stream.ts";
import type { ActionArray, Outcome, World } from "../world/world.ts";
import { type FrameOptions, frameSpace } from "./frame-options.ts";
import { FrameStacker, type PictureStack } from "./frame-stacker.ts";
import type { Rasterizer } from "./rasterizer.ts";
import { loadStack, saveStack } from "./stack-bytes.ts";

/** State of a world seen through pictures. */
export interface FramesState<S> {
  /** The world's own state. */
  readonly inner: S;
  /** The last pictures, oldest first. */
  readonly stack: PictureStack;
}

/** Draws a state of a world onto a rasteriser, for `framesWorld`. */
export type Paint<S> = (state: S, raster: Rasterizer) => void;

/**
 * A world whose observations are stacked grey pictures of another world, for the batched and the single form alike; what `AtariFrames`
 * is for any env. With a `paint` that allocates nothing, a step allocates nothing.
 */
export function framesWorld<S, R extends RandomStream>(
  world: World<S, R>,
  options: FrameOptions,
  paint: Paint<S> = (state, raster) => paintFrame(world, state, raster),
): World<FramesState<S>, FramesStream<R>> {
  const { frameSkip, noopMax, clipReward } = options;
  const stacker = new FrameStacker(options);
  const pictureOf = (state: S): Uint8Array => {
    stacker.begin();
    const raster = stacker.next();
    paint(state, raster);
    return raster.pixels;
  };
  const noop = noopActions(world, options.noopAction);
  const part: Outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };
  const stepInner = (state: S, actions: ActionArray, at: number, random: R): boolean => {
    part.reward = 0;
    part.terminated = part.truncated = false;
    part.elapsed = 1;
    world.step(state, actions, at, random, part);
    return part.terminated || part.truncated;
  };
  const reset = (
    { inner, stack }: FramesState<S>,
    { inner: random, noops }: FramesStream<R>,
    given?: Readonly<Record<string, unknown>>,
  ): void => {
    world.reset(inner, random, given);
    const count = noopMax === 0 ? 0 : noops.integers(1, noopMax + 1);
    for (let i = 0; i < count; i++) if (stepInner(inner, noop, 0, random)) world.reset(inner, random, given);
    stacker.begin();
    paint(inner, stacker.next());
    stacker.fill(stack);
  };
  const step = (
    { inner, stack }: FramesState<S>,
    actions: ActionArray,
    at: number,
    { inner: random }: FramesStream<R>,
    outcome: Outcome,
  ): void => {
    let reward = 0;
    let elapsed = 0;
    stacker.begin();
    for (let i = 0, hasEnded = false; i < frameSkip && !hasEnded; i++) {
      hasEnded = stepInner(inner, actions, at, random);
      reward += part.reward;
      elapsed += part.elapsed;
      if (hasEnded || i >= frameSkip - 2) paint(inner, stacker.next());
    }
    stacker.push(stack);
    outcome.reward = clipReward ? Math.sign(reward) : reward;
    outcome.terminated = part.terminated;
    outcome.truncated = part.truncated;
    outcome.elapsed = elapsed / frameSkip;
  };
  return {
    name: `${world.name}Frames`,
    observationSpace: frameSpace(options),
    actionSpace: world.actionSpace,
    metadata: { renderFps: world.metadata.renderFps / frameSkip },
    createRandom: (seed) => new FramesStream(world.createRandom(seed), noopGenerator(seed)),
    createState: () => ({ inner: world.createState(), stack: stacker.createStack() }),
    reset,
    step,
    observe: ({ stack }: FramesState<S>, obs: ObsArray, at: number): void => obs.set(stack.bytes, at),
    ...(world.info ? { info: ({ inner }: FramesState<S>) => world.info!(inner) } : {}),
    save: ({ inner, stack }, writer) => {
      world.save(inner, writer);
      saveStack(stack.bytes, pictureOf(inner), writer);
    },
    load: ({ inner, stack }, reader) => {
      world.load(inner, reader);
      loadStack(stack.bytes, pictureOf(inner), reader);
    },
    draw: ({ inner }) => world.draw(inner),
  };
}

/** The world's own stream and one for the number of no-ops, so that the world's numbers stay those of its seed. */
export class FramesStream<R extends RandomStream> implements RandomStream {
  readonly inner: R;
  readonly noops: Generator;

  constructor(inner: R, noops: Generator) {
    this.inner = inner;
    this.noops = noops;
  }

  get numStateWords(): number {
    return this.inner.numStateWords + this.noops.numStateWords;
  }

  saveState(words: Uint32Array, at = 0): void {
    this.inner.saveState(words, at);
    this.noops.saveState(words, at + this.inner.numStateWords);
  }

  loadState(words: Uint32Array, at = 0): void {
    // Both parts must be good before either changes.
    defaultRng(0).loadState(words, at + this.inner.numStateWords);
    this.inner.loadState(words, at);
    this.noops.loadState(words, at + this.inner.numStateWords);
  }
}

const NOOP_BRANCH = 1;

/** The generator that counts no-ops, for an env of this seed: a branch of the seed's tree that the world itself does not use. */
export function noopGenerator(seed: Seed): Generator {
  return defaultRng(new SeedSequence(seed, [NOOP_BRANCH]));
}

function paintFrame<S, R extends RandomStream>(world: World<S, R>, state: S, raster: Rasterizer): void {
  const frame = world.draw(state);
  if (frame === null) throw new ValueError(`${world.name}Frames: the world draws nothing, so there are no pictures`);
  raster.draw(frame);
}

function noopActions<S, R extends RandomStream>({ name, actionSpace }: World<S, R>, action: number): ActionArray {
  if (!(actionSpace instanceof Discrete)) return new Float32Array(actionSpace.size);
  if (actionSpace.contains(action)) return Int32Array.of(action);
  throw new ValueError(`${name}Frames.noopAction: got ${action}, expected one of ${String(actionSpace)}`);
}
