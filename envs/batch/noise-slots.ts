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
import { Box } from "../spaces/box.ts";
import type { Space } from "../spaces/space.ts";
import type { ActionArray, Outcome } from "../world/world.ts";
import type { EnvSlots } from "./env-slots.ts";

/** Distinguishes this wrapper's random stream from the world's own, which has the same seed. */
const SPAWN_KEY = 0x4f4e;
const LAYER = "ObservationNoise";

/**
 * Slots whose observations carry zero-mean Gaussian noise of standard deviation `std`, in the units of the observation.
 * float32 observations become unbounded; bytes are rounded and kept in 0..255.
 */
export class NoiseSlots implements EnvSlots {
  readonly numEnvs: number;
  readonly name: string;
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  readonly obsSize: number;
  readonly #inner: EnvSlots;
  readonly #std: number;
  readonly #isBytes: boolean;
  readonly #randoms: Generator[];
  /** The observation to show, [N, D]. */
  readonly #obs: ObsArray;

  /** Throws ValueError unless `std` is a number of at least 0. */
  constructor(inner: EnvSlots, std: number) {
    if (!(std >= 0 && std < Infinity))
      throw new ValueError(`observationNoise: got ${String(std)}, expected a number of at least 0`);
    this.#inner = inner;
    this.#std = std;
    this.numEnvs = inner.numEnvs;
    this.name = inner.name;
    this.#isBytes = inner.observationSpace.dtype === "uint8";
    this.observationSpace = noisySpace(inner.observationSpace);
    this.actionSpace = inner.actionSpace;
    this.metadata = inner.metadata;
    this.obsSize = inner.obsSize;
    this.#randoms = Array.from({ length: inner.numEnvs }, () => createStream(0));
    const size = inner.numEnvs * inner.obsSize;
    this.#obs = this.#isBytes ? new Uint8Array(size) : new Float32Array(size);
  }

  seed(i: number, seed: Seed): void {
    this.#inner.seed(i, seed);
    this.#randoms[i] = createStream(seed);
  }

  begin(i: number, options?: Kwargs): void {
    this.#inner.begin(i, options);
    this.#addNoise(i);
  }

  advance(i: number, actions: ActionArray, at: number, outcome: Outcome): void {
    this.#inner.advance(i, actions, at, outcome);
    this.#addNoise(i);
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
    writer.obs(this.#obs.subarray(i * this.obsSize, (i + 1) * this.obsSize));
    writer.uint8(options.random === false ? 0 : 1);
    if (options.random !== false) writer.random(this.#randoms[i]!);
    return encodeLayer(LAYER, writer.written, this.#inner.snapshot(i, options));
  }

  restore(i: number, bytes: Uint8Array): void {
    const { payload, inner } = decodeLayer(LAYER, bytes);
    const reader = new ByteReader(payload);
    const row = this.#obs.slice(0, this.obsSize);
    reader.obs(row);
    const random = reader.uint8(1) === 1 ? createStream(0) : null;
    if (random !== null) reader.random(random);
    reader.end();
    this.#inner.restore(i, inner);
    this.#obs.set(row, i * this.obsSize);
    if (random !== null) this.#randoms[i] = random;
  }

  close(): void {
    this.#inner.close();
  }

  #addNoise(i: number): void {
    const obs = this.#obs;
    const random = this.#randoms[i]!;
    const start = i * this.obsSize;
    this.#inner.observe(i, obs, start);
    for (let k = start; k < start + this.obsSize; k++) {
      const noisy = obs[k]! + this.#std * random.standardNormal();
      obs[k] = this.#isBytes ? Math.min(255, Math.max(0, Math.round(noisy))) : noisy;
    }
  }
}

function noisySpace(space: Space<unknown>): Space<unknown> {
  if (space.dtype === "uint8") return space;
  return new Box(-Infinity, Infinity, { shape: space.shape ?? [], dtype: "float32" });
}

function createStream(seed: Seed): Generator {
  return new Generator(new PCG64(new SeedSequence(seed, [SPAWN_KEY])));
}
