import type { ObsArray } from "../batch-env.ts";
import type { EnvMetadata, Info, Seed, SnapshotOptions } from "../env.ts";
import { ValueError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import { PCG64 } from "../random/pcg64.ts";
import { SeedSequence } from "../random/seed-sequence.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { ByteReader } from "../snapshot/byte-reader.ts";
import { ByteWriter } from "../snapshot/byte-writer.ts";
import { decodeLayer, encodeLayer } from "../snapshot/layer.ts";
import type { Space } from "../spaces/space.ts";
import type { ActionArray, Outcome } from "../world/world.ts";
import type { EnvSlots } from "./env-slots.ts";

/** Options of irregular sampling. */
export interface IrregularSamplingOptions {
  /** Probability in [0, 1) that a frame is lost: the action is repeated until one arrives. Default 0. */
  readonly dropProbability?: number;
  /** Frames lost in a row at most. Default 10. */
  readonly maxDrops?: number;
  /** How far before its step's end an observation may be taken, in control periods, in [0, 1). Default 0. */
  readonly jitter?: number;
}

/** Distinguishes this wrapper's random stream from the world's own, which has the same seed. */
const SPAWN_KEY = 0x4952;
const LAYER = "IrregularSampling";

/**
 * Irregularly sampled slots: frames get lost and observations are taken at jittered moments.
 *
 * Lost frame: the world moves on under the same action until a frame arrives (or the episode ends); rewards add up.
 * Jitter: an observation is that of a moment `jitter * u` before the step's end, u uniform, interpolated linearly between the
 * world's last two observations. `outcome.elapsed` is the true time between the moments of successive observations.
 */
export class IrregularSlots implements EnvSlots {
  readonly numEnvs: number;
  readonly name: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  readonly obsSize: number;
  readonly #inner: EnvSlots;
  readonly #dropProbability: number;
  readonly #maxDrops: number;
  readonly #jitter: number;
  readonly #randoms: Generator[];
  /** How far before the present step's end each observation was taken, [N]. */
  readonly #lag: Float64Array;
  /** The observation to show, [N, D]. */
  readonly #obs: ObsArray;
  /** The world's own last observation, [N, D]; needed for jitter alone. */
  readonly #raw: ObsArray;
  readonly #before: ObsArray;

  /** Throws ValueError on options out of range, and on jitter for observations that cannot be interpolated. */
  constructor(inner: EnvSlots, { dropProbability = 0, maxDrops = 10, jitter = 0 }: IrregularSamplingOptions) {
    checkRange("dropProbability", dropProbability);
    checkRange("jitter", jitter);
    if (!Number.isInteger(maxDrops) || maxDrops < 1)
      throw new ValueError(`maxDrops: got ${maxDrops}, expected an integer of at least 1`);
    const isBytes = inner.observationSpace.dtype === "uint8";
    if (isBytes && jitter > 0)
      throw new ValueError(`jitter: byte observations of ${inner.name} cannot be interpolated, expected 0`);
    this.#inner = inner;
    this.#dropProbability = dropProbability;
    this.#maxDrops = maxDrops;
    this.#jitter = jitter;
    this.numEnvs = inner.numEnvs;
    this.name = inner.name;
    this.observationSpace = inner.observationSpace;
    this.actionSpace = inner.actionSpace;
    this.metadata = inner.metadata;
    this.obsSize = inner.obsSize;
    this.#randoms = Array.from({ length: inner.numEnvs }, () => createStream(0));
    this.#lag = new Float64Array(inner.numEnvs);
    const allocate = (size: number): ObsArray => (isBytes ? new Uint8Array(size) : new Float32Array(size));
    this.#obs = allocate(inner.numEnvs * inner.obsSize);
    this.#raw = allocate(jitter > 0 ? inner.numEnvs * inner.obsSize : 0);
    this.#before = allocate(inner.obsSize);
  }

  seed(i: number, seed: Seed): void {
    this.#inner.seed(i, seed);
    this.#randoms[i] = createStream(seed);
  }

  begin(i: number, options?: Kwargs): void {
    this.#inner.begin(i, options);
    this.#inner.observe(i, this.#obs, i * this.obsSize);
    if (this.#jitter > 0) this.#inner.observe(i, this.#raw, i * this.obsSize);
    this.#lag[i] = 0;
  }

  advance(i: number, actions: ActionArray, at: number, outcome: Outcome): void {
    const inner = this.#inner;
    const random = this.#randoms[i]!;
    let [reward, elapsed] = [0, 0];
    for (let drops = 0; ; drops++) {
      if (this.#jitter > 0) this.#rememberRaw(i, drops === 0);
      outcome.reward = 0;
      outcome.elapsed = 1;
      inner.advance(i, actions, at, outcome);
      reward += outcome.reward;
      elapsed += outcome.elapsed;
      const isOver = outcome.terminated || outcome.truncated;
      if (isOver || drops >= this.#maxDrops || this.#dropProbability === 0 || random.random() >= this.#dropProbability)
        break;
    }
    const lag = this.#jitter === 0 ? 0 : this.#jitter * random.random();
    inner.observe(i, this.#obs, i * this.obsSize);
    if (this.#jitter > 0) this.#interpolate(i, lag);
    outcome.reward = reward;
    outcome.elapsed = elapsed - lag + this.#lag[i]!;
    this.#lag[i] = lag;
  }

  observe(i: number, obs: ObsArray, at: number): void {
    const { obsSize } = this;
    for (let k = 0; k < obsSize; k++) obs[at + k] = this.#obs[i * obsSize + k]!;
  }

  info(i: number): Info {
    return this.#inner.info(i);
  }

  isRunning(i: number): boolean {
    return this.#inner.isRunning(i);
  }

  snapshot(i: number, options: SnapshotOptions = {}): Uint8Array {
    const writer = new ByteWriter();
    writer.float64(this.#lag[i]!);
    writer.obs(this.#obs.subarray(i * this.obsSize, (i + 1) * this.obsSize));
    if (this.#jitter > 0) writer.obs(this.#raw.subarray(i * this.obsSize, (i + 1) * this.obsSize));
    writer.uint8(options.random === false ? 0 : 1);
    if (options.random !== false) writer.random(this.#randoms[i]!);
    return encodeLayer(LAYER, writer.written, this.#inner.snapshot(i, options));
  }

  restore(i: number, bytes: Uint8Array): void {
    const { payload, inner } = decodeLayer(LAYER, bytes);
    const reader = new ByteReader(payload);
    const lag = reader.float64();
    const shown = this.#before.slice();
    reader.obs(shown);
    const raw = this.#jitter > 0 ? this.#before.slice() : new Float32Array();
    reader.obs(raw);
    const random = reader.uint8(1) === 1 ? createStream(0) : null;
    if (random !== null) reader.random(random);
    reader.end();
    this.#inner.restore(i, inner);
    this.#lag[i] = lag;
    this.#obs.set(shown, i * this.obsSize);
    if (this.#jitter > 0) this.#raw.set(raw, i * this.obsSize);
    if (random !== null) this.#randoms[i] = random;
  }

  close(): void {
    this.#inner.close();
  }

  /** Keeps the world's observation from before the coming step: the last one shown to us, or within a gap the present one. */
  #rememberRaw(i: number, isFirst: boolean): void {
    if (!isFirst) {
      this.#inner.observe(i, this.#before, 0);
      return;
    }
    for (let k = 0; k < this.obsSize; k++) this.#before[k] = this.#raw[i * this.obsSize + k]!;
  }

  #interpolate(i: number, lag: number): void {
    const start = i * this.obsSize;
    for (let k = 0; k < this.obsSize; k++) {
      const now = this.#obs[start + k]!;
      this.#raw[start + k] = now;
      this.#obs[start + k] = now + lag * (this.#before[k]! - now);
    }
  }
}

function checkRange(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) throw new ValueError(`${name}: got ${String(value)}, expected a number in [0, 1)`);
}

function createStream(seed: Seed): Generator {
  return new Generator(new PCG64(new SeedSequence(seed, [SPAWN_KEY])));
}
