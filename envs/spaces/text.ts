import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { BaseSpace } from "./base-space.ts";
import { readMask, readProbability } from "./discrete.ts";
import { isGiven } from "./given.ts";
import type { SampleOptions, SpaceSeed } from "./space.ts";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Options of `Text`. */
export interface TextOptions {
  /** Default 1. */
  readonly minLength?: number;
  /** The characters: a string keeps its order, a set is sorted; default letters and digits. */
  readonly charset?: string | ReadonlySet<string>;
  readonly seed?: SpaceSeed | Generator;
}

/** Strings of bounded length over a set of characters. */
export class Text extends BaseSpace<string> {
  readonly minLength: number;
  readonly maxLength: number;
  /** The characters in order. */
  readonly characters: readonly string[];

  /** Throws ValueError on inverted or negative lengths and on charset entries that are not single characters. */
  constructor(maxLength: number, { minLength = 1, charset = ALPHANUMERIC, seed }: TextOptions = {}) {
    super(null, null, seed);
    if (!Number.isInteger(minLength) || !Number.isInteger(maxLength)) {
      throw new TypeError(`Text: got lengths ${String(minLength)} to ${String(maxLength)}, expected integers`);
    }
    if (minLength < 0 || minLength > maxLength) {
      throw new ValueError(`Text: got lengths ${minLength} to ${maxLength}, expected 0 <= minLength <= maxLength`);
    }
    const characters = Array.from(new Set(charset));
    const wrong = characters.find((character) => Array.from(character).length !== 1);
    if (wrong !== undefined)
      throw new ValueError(`Text charset: got ${JSON.stringify(wrong)}, expected single characters`);
    this.minLength = minLength;
    this.maxLength = maxLength;
    this.characters = typeof charset === "string" ? characters : characters.toSorted();
  }

  /**
   * `mask`: [length or null, mask over the characters or null]; `probability`: [length or null, probabilities or null].
   * Throws ValueError when the mask leaves no character for a text that needs some.
   */
  override sample({ mask, probability }: SampleOptions = {}): string {
    if (isGiven(mask) && isGiven(probability))
      throw new ValueError("Text.sample: got both mask and probability, expected at most one");
    const [length, weights] = isGiven(mask) ? this.#readMask(mask) : this.#readProbability(probability);
    const isEmpty = weights.every((weight) => weight === 0);
    if (isEmpty && (length ?? this.minLength) > 0) {
      throw new ValueError("Text.sample: the mask leaves no character, expected a length of 0");
    }
    const numCharacters = isEmpty ? 0 : (length ?? this.random.integers(this.minLength, this.maxLength + 1));
    if (numCharacters === 0) return "";
    return this.random.choiceArray(this.characters, numCharacters, { p: weights }).join("");
  }

  override contains(value: unknown): value is string {
    if (typeof value !== "string") return false;
    const characters = Array.from(value);
    const isLengthRight = characters.length >= this.minLength && characters.length <= this.maxLength;
    return isLengthRight && characters.every((character) => this.characters.includes(character));
  }

  override equals(other: unknown): boolean {
    return other instanceof Text && other.toString() === this.toString();
  }

  override toString(): string {
    return `Text(${this.minLength}, ${this.maxLength}, charset=${this.characters.join("")})`;
  }

  #readMask(mask: unknown): [length: number | null, weights: Float64Array] {
    const [length, characters] = readPair(mask, "mask");
    if (!isGiven(characters)) return [length, this.#uniform()];
    const allowed = Float64Array.from(readMask(characters, this.characters.length, "Text.sample mask"));
    const count = allowed.reduce((a, b) => a + b, 0);
    return [length, count === 0 ? allowed : allowed.map((bit) => bit / count)];
  }

  #readProbability(probability: unknown): [length: number | null, weights: Float64Array] {
    if (!isGiven(probability)) return [null, this.#uniform()];
    const [length, weights] = readPair(probability, "probability");
    if (!isGiven(weights)) return [length, this.#uniform()];
    return [length, readProbability(weights, this.characters.length, "Text.sample probability")];
  }

  #uniform(): Float64Array {
    return new Float64Array(this.characters.length).fill(1 / this.characters.length);
  }
}

function readPair(pair: unknown, what: string): [length: number | null, rest: unknown] {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new AssertionError(`Text.sample ${what}: expected [length or null, one entry per character or null]`);
  }
  const length: unknown = pair[0];
  if (length === null || length === undefined) return [null, pair[1]];
  if (!Number.isInteger(length) || (length as number) < 0) {
    throw new AssertionError(`Text.sample ${what}: got length ${String(length)}, expected a non-negative integer`);
  }
  return [length as number, pair[1]];
}
