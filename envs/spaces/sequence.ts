import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { concatenate, countRows, iterate } from "./batch-values.ts";
import { CompositeSpace, isSpace } from "./composite-space.ts";
import { isGiven } from "./given.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** Options of `Sequence`. */
export interface SequenceOptions {
  /** whether a value is one stacked value, as a batched space has it, rather than a list of values; default false */
  readonly stack?: boolean;
  readonly seed?: SpaceSeed | Generator;
}

/** Chance that a sampled sequence ends after each item: lengths are geometric, 4 on average. */
const END_PROBABILITY = 0.25;

/** Sequences of any length of values of one space: lists of them, or stacked. */
export class Sequence extends CompositeSpace<unknown> {
  /** Space of one item. */
  readonly feature: Space<unknown>;
  /** Whether a value is one stacked value rather than a list. */
  readonly stack: boolean;

  /** Throws TypeError when `feature` is no space. */
  constructor(feature: Space<unknown>, { stack = false, seed }: SequenceOptions = {}) {
    super(seed);
    if (!isSpace(feature)) throw new TypeError(`Sequence: got ${String(feature)}, expected a space`);
    this.feature = feature;
    this.stack = stack;
    this.seedFrom(seed);
  }

  get parts(): readonly Space<unknown>[] {
    return [this.feature];
  }

  override get isFlattenable(): boolean {
    return false;
  }

  /**
   * A geometric number of items, at least one. `mask` or `probability`: [lengths, for the items], either of them null for none; lengths
   * are one length or a list to choose from.
   */
  override sample({ mask, probability }: SampleOptions = {}): unknown {
    if (isGiven(mask) && isGiven(probability))
      throw new ValueError("Sequence.sample: got both mask and probability, expected at most one");
    const [lengths, inner] = readPair(mask ?? probability);
    const length = this.#drawLength(lengths);
    const options = !isGiven(inner) ? {} : isGiven(mask) ? { mask: inner } : { probability: inner };
    return this.#joined(Array.from({ length }, () => this.feature.sample(options)));
  }

  override contains(value: unknown): value is unknown {
    const items = this.items(value);
    return items?.every((item) => this.feature.contains(item)) === true;
  }

  /** The items of a value; null where it has not the form of one. */
  items(value: unknown): readonly unknown[] | null {
    if (!this.stack) return Array.isArray(value) ? (value as unknown[]) : null;
    const count = countRows(this.feature, value);
    return count === null ? null : iterate(this.feature, value, count);
  }

  /** One integer for all, or [own seed, the items' seed]. Returns the seeds used, its own first. */
  override seed(seed?: SpaceSeed): unknown {
    return this.seedOwnToo(seed);
  }

  /** A list with the JSON of the items of each value. */
  override toJson(values: readonly unknown[]): unknown {
    return values.map((value) => this.feature.toJson(this.items(value)!)); // a value of this space has items
  }

  override fromJson(data: unknown): unknown[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of sequences`);
    return data.map((items: unknown) => this.#joined(this.feature.fromJson(items)));
  }

  override equals(other: unknown): boolean {
    return other instanceof Sequence && other.stack === this.stack && this.feature.equals(other.feature);
  }

  override toString(): string {
    return `Sequence(${String(this.feature)}, stack=${this.stack ? "True" : "False"})`;
  }

  #joined(items: readonly unknown[]): unknown {
    return this.stack ? concatenate(this.feature, items) : items;
  }

  #drawLength(lengths: unknown): number {
    if (!isGiven(lengths)) return this.random.geometric(END_PROBABILITY);
    const choices = typeof lengths === "number" ? [lengths] : Array.from(lengths as ArrayLike<number>);
    if (choices.length === 0 || !choices.every((length) => Number.isInteger(length) && length >= 0))
      throw new AssertionError(`Sequence.sample: got lengths ${String(lengths)}, expected integers ≥ 0`);
    return typeof lengths === "number" ? lengths : choices[this.random.integers(choices.length)]!;
  }
}

function readPair(pair: unknown): readonly [lengths: unknown, inner: unknown] {
  if (!isGiven(pair)) return [null, null];
  if (Array.isArray(pair) && pair.length === 2) return pair as unknown as [unknown, unknown];
  throw new AssertionError("Sequence.sample: expected [lengths or null, mask or probability of the items or null]");
}
