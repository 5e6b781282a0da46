import type { Env, EnvMetadata, Info, ResetOptions, SnapshotOptions } from "../env.ts";
import { ResetNeeded, ValueError } from "../errors.ts";
import { freshEntropy } from "../random/entropy.ts";
import { type Generator, defaultRng } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { ByteReader } from "../snapshot/byte-reader.ts";
import { ByteWriter } from "../snapshot/byte-writer.ts";
import { decodeLayer, encodeLayer } from "../snapshot/layer.ts";
import type { Space } from "../spaces/space.ts";
import { Wrapper } from "../wrappers/wrapper.ts";
import { ATARI_DEFAULTS, type FrameOptions, checkFrameOptions, frameSpace } from "./frame-options.ts";
import { FrameStacker, type PictureStack } from "./frame-stacker.ts";
import { noopGenerator } from "./frames-world.ts";

/** Options of `AtariFrames`. */
export interface AtariFramesOptions extends FrameOptions {
  /** Whether losing a life (`info.lives` falls) is reported as the end of the episode; the next reset then plays on without one. */
  readonly lifeLossTerminates: boolean;
}

/**
 * Observations from the pictures of any env, after the usual preprocessing of Atari games: no-op starts, frame skip with the maximum
 * of the last two pictures, 84×84 grey, a stack of four, rewards clipped to their sign, optionally ends at lost lives.
 *
 * Observation: uint8 [screenSize, screenSize, stackSize], the newest picture last. Pictures come from `render()`, drawn on the CPU.
 * An episode that ends within the skip shows its last picture alone when that came early.
 */
export class AtariFrames<Action> extends Wrapper<Uint8Array, Action, unknown, Action> {
  readonly #space: Space<Uint8Array>;
  readonly #options: AtariFramesOptions;
  readonly #stacker: FrameStacker;
  readonly #stack: PictureStack;
  #noops: Generator | null = null;
  #lives = 0;
  /** Whether the last end was only a lost life. */
  #playsOn = false;

  /** Throws TypeError on unknown options, ValueError on values that make no sense, such as a no-op that the env does not take. */
  constructor(env: Env<unknown, Action>, options: Partial<AtariFramesOptions> = {}) {
    super(env, { ...options });
    const { lifeLossTerminates = false, ...rest } = options;
    this.#options = { ...checkFrameOptions("AtariFrames", rest as Kwargs, ATARI_DEFAULTS), lifeLossTerminates };
    const { noopMax, noopAction } = this.#options;
    if (noopMax > 0 && !env.actionSpace.contains(noopAction)) {
      throw new ValueError(`AtariFrames.noopAction: got ${noopAction}, expected one of ${String(env.actionSpace)}`);
    }
    this.#space = frameSpace(this.#options) as unknown as Space<Uint8Array>; // uint8 by its dtype
    this.#stacker = new FrameStacker(this.#options);
    this.#stack = this.#stacker.createStack();
  }

  override get observationSpace(): Space<Uint8Array> {
    return this.#space;
  }

  override get metadata(): EnvMetadata {
    return { renderFps: this.env.metadata.renderFps / this.#options.frameSkip };
  }

  override reset(options: ResetOptions = {}): [Uint8Array, Info] {
    if (options.seed !== undefined) this.#noops = noopGenerator(options.seed);
    const info = this.#playsOn && options.seed === undefined ? this.#playOn() : this.#start(options);
    this.#playsOn = false;
    this.#lives = this.#livesOf(info);
    this.#stacker.begin();
    this.#paint();
    this.#stacker.fill(this.#stack);
    return [this.#stack.bytes.slice(), info];
  }

  override step(action: Action): [Uint8Array, number, boolean, boolean, Info] {
    if (this.#playsOn) throw new ResetNeeded(`${String(this)}.step: a life was lost, call reset to play on`);
    const { frameSkip, clipReward } = this.#options;
    let [reward, elapsed, terminated, truncated]: [number, number, boolean, boolean] = [0, 0, false, false];
    let info: Info = {};
    this.#stacker.begin();
    for (let i = 0; i < frameSkip && !terminated && !truncated; i++) {
      const result = this.env.step(action);
      reward += result[1];
      [terminated, truncated, info] = [result[2], result[3], result[4]];
      elapsed += info.elapsedTime ?? 1;
      if (!terminated && this.#losesLife(info)) terminated = this.#playsOn = true;
      if (terminated || truncated || i >= frameSkip - 2) this.#paint();
    }
    this.#stacker.push(this.#stack);
    if (elapsed !== frameSkip || info.elapsedTime !== undefined) info = { ...info, elapsedTime: elapsed / frameSkip };
    return [this.#stack.bytes.slice(), clipReward ? Math.sign(reward) : reward, terminated, truncated, info];
  }

  override snapshot(options: SnapshotOptions = {}): Uint8Array {
    const writer = new ByteWriter();
    writer.bytes(this.#stack.bytes);
    writer.int32(this.#lives);
    writer.uint8(this.#playsOn ? 1 : 0);
    const noops = options.random === false ? null : this.#noops;
    writer.uint8(noops === null ? 0 : 1);
    if (noops !== null) writer.random(noops);
    return encodeLayer("AtariFrames", writer.written, this.env.snapshot(options));
  }

  override restore(bytes: Uint8Array): void {
    const { payload, inner } = decodeLayer("AtariFrames", bytes);
    const reader = new ByteReader(payload);
    const stack = reader.bytes(this.#stack.bytes.length);
    const lives = reader.int32();
    const playsOn = reader.uint8(1) === 1;
    const noops = reader.uint8(1) === 1 ? defaultRng(0) : null;
    if (noops !== null) reader.random(noops);
    reader.end();
    this.env.restore(inner);
    this.#stack.bytes.set(stack);
    this.#lives = lives;
    this.#playsOn = playsOn;
    this.#noops = noops ?? this.#noops;
  }

  /** Resets the env and takes its no-ops; resets again where they end the episode. */
  #start(options: ResetOptions): Info {
    const { noopMax, noopAction } = this.#options;
    let info = this.env.reset(options)[1];
    if (noopMax === 0) return info;
    this.#noops ??= noopGenerator(freshEntropy());
    const again = options.options === undefined ? {} : { options: options.options };
    for (let left = this.#noops.integers(1, noopMax + 1); left > 0; left--) {
      const [, , terminated, truncated, stepInfo] = this.env.step(noopAction as Action); // in the space, see the constructor
      info = terminated || truncated ? this.env.reset(again)[1] : stepInfo;
    }
    return info;
  }

  /** After a lost life the game goes on with one no-op. */
  #playOn(): Info {
    const [, , terminated, truncated, info] = this.env.step(this.#options.noopAction as Action);
    return terminated || truncated ? this.#start({}) : info;
  }

  #losesLife(info: Info): boolean {
    if (!this.#options.lifeLossTerminates) return false;
    const lives = this.#livesOf(info);
    const isLost = lives < this.#lives && lives > 0;
    this.#lives = lives;
    return isLost;
  }

  #livesOf(info: Info): number {
    if (!this.#options.lifeLossTerminates) return 0;
    const lives = info["lives"];
    if (typeof lives === "number") return lives;
    throw new ValueError(`${String(this)}: lifeLossTerminates needs a number info.lives, got ${String(lives)}`);
  }

  #paint(): void {
    const frame = this.env.render();
    if (frame === null) throw new ValueError(`${String(this)}: the env draws nothing, so there are no pictures`);
    this.#stacker.next().draw(frame);
  }
}
