import type { Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import { freshEntropy, checkSeed } from "../random/entropy.ts";
import { Generator } from "../random/generator.ts";
import { PCG64 } from "../random/pcg64.ts";
import type { DType } from "./dtype.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** What the spaces share: the lazily made generator. Extend it for a space of your own. */
export abstract class BaseSpace<T> implements Space<T> {
  readonly shape: readonly number[] | null;
  readonly dtype: DType | null;
  #random: Generator | null = null;

  /** `seed`: an integer, or a generator that is then shared, not copied. */
  constructor(shape: readonly number[] | null, dtype: DType | null, seed?: SpaceSeed | Generator) {
    this.shape = shape;
    this.dtype = dtype;
    if (seed instanceof Generator) this.#random = seed;
    else if (typeof seed === "number" || typeof seed === "bigint") this.#random = new Generator(new PCG64(seed));
  }

  get isFlattenable(): boolean {
    return true;
  }

  get random(): Generator {
    this.#random ??= new Generator(new PCG64(freshEntropy()));
    return this.#random;
  }

  set random(random: Generator) {
    this.#random = random;
  }

  /** Seeds the space's own generator; without a seed from fresh entropy. Returns the seed used. Throws InvalidSeed unless it is a non-negative integer. */
  seed(seed?: SpaceSeed): unknown {
    if (typeof seed === "object") throw new TypeError(`seed: got ${JSON.stringify(seed)}, expected an integer`);
    return this.seedOwn(seed);
  }

  /** Seeds the space's own generator alone. */
  protected seedOwn(seed?: Seed): Seed {
    const used = seed ?? freshEntropy();
    checkSeed(used);
    this.#random = new Generator(new PCG64(used));
    return used;
  }

  toJson(values: readonly T[]): unknown {
    return values;
  }

  fromJson(data: unknown): T[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of values`);
    const wrong = data.findIndex((value) => !this.contains(value));
    if (wrong >= 0)
      throw new ValueError(
        `${String(this)}.fromJson: got ${JSON.stringify(data[wrong])} at ${wrong}, which is not in it`,
      );
    return data as T[]; // plain values are their own JSON
  }

  abstract sample(options?: SampleOptions): T;
  abstract contains(value: unknown): value is T;
  abstract equals(other: unknown): boolean;
}
