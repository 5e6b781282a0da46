import { ValueError } from "../errors.ts";
import type { Seed } from "../env.ts";
import { BitPieces, bounded, bounded64, boundedByMask } from "./bounded.ts";
import { chooseDistinct, chooseDistinctWeighted, cumulative, searchSorted } from "./choice.ts";
import { PCG64 } from "./pcg64.ts";
import type { SeedSequence } from "./seed-sequence.ts";
import { drawExponential, drawNormal } from "./ziggurat.ts";

/** Integer types that change how `integers` draws: the small ones carve several values out of one 32-bit draw. */
export type IntegerType = "bool" | "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64";

/** Options of `integers`. */
export interface IntegersOptions {
  /** Default int64. */
  readonly dtype?: IntegerType;
  /** Whether `high` itself may come; default false. */
  readonly endpoint?: boolean;
}

/** Options of `choice` and `choiceArray`. */
export interface ChoiceOptions {
  /** Whether an element may come again; default true. */
  readonly replace?: boolean;
  /** Probabilities, [number of elements]; all alike when absent. */
  readonly p?: ArrayLike<number>;
  /** Whether the order is random too, without `replace` and `p`; default true. */
  readonly shuffle?: boolean;
}

/**
 * numpy.random.Generator over PCG64: the same seed gives the same numbers as in Python, draw by draw.
 *
 * Scalar methods allocate nothing; methods ending in `Array` return a new array of `size` values, in numpy's row-major order.
 */
export class Generator {
  /** Where its bits come from. */
  readonly bits: PCG64;
  readonly #next32 = (): number => this.bits.next32();

  constructor(bits: PCG64 = new PCG64()) {
    this.bits = bits;
  }

  /** A double in [0, 1). */
  random(): number {
    return this.bits.nextDouble();
  }

  /** Doubles in [0, 1). */
  randomArray(size: number): Float64Array {
    return fill(size, () => this.bits.nextDouble());
  }

  /** A float32 in [0, 1) from one 32-bit draw. */
  randomFloat32(): number {
    return (this.bits.next32() >>> 8) * 5.9604644775390625e-8;
  }

  /** A double in [low, high). Draws even when both are equal. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.bits.nextDouble();
  }

  /** Doubles in [low, high); `low` and `high` may be arrays of `size` entries, one per value. */
  uniformArray(size: number, low: number | ArrayLike<number> = 0, high: number | ArrayLike<number> = 1): Float64Array {
    return fill(size, (i) => this.uniform(entry(low, i), entry(high, i)));
  }

  /** Normal with mean 0 and deviation 1. */
  standardNormal(): number {
    return drawNormal(this.bits);
  }

  /** Normal with mean 0 and deviation 1. */
  standardNormalArray(size: number): Float64Array {
    return fill(size, () => drawNormal(this.bits));
  }

  /** Normal with mean `mean` and deviation `std`. */
  normal(mean = 0, std = 1): number {
    return mean + std * drawNormal(this.bits);
  }

  /** Normal with mean `mean` and deviation `std`. */
  normalArray(size: number, mean = 0, std = 1): Float64Array {
    return fill(size, () => mean + std * drawNormal(this.bits));
  }

  /** Exponential with mean 1. */
  standardExponential(): number {
    return drawExponential(this.bits);
  }

  /** Exponential with mean 1. */
  standardExponentialArray(size: number): Float64Array {
    return fill(size, () => drawExponential(this.bits));
  }

  /** Exponential with mean `scale`. */
  exponential(scale = 1): number {
    return scale * drawExponential(this.bits);
  }

  /** Number of trials up to the first success, each with probability `p`. Throws ValueError unless p is in (0, 1]. */
  geometric(p: number): number {
    if (!(p > 0 && p <= 1)) throw new ValueError(`geometric: got p = ${p}, expected 0 < p <= 1`);
    if (p < 1 / 3) return Math.ceil(-drawExponential(this.bits) / Math.log1p(-p));
    const draw = this.bits.nextDouble();
    let trials = 1;
    let sum = p;
    let term = p;
    while (draw > sum) {
      term *= 1 - p;
      sum += term;
      trials++;
    }
    return trials;
  }

  /** An integer in [low, high), or in [0, low) with one argument. Throws ValueError on an empty or too wide range. */
  integers(low: number, high?: number, options: IntegersOptions = {}): number {
    const [from, range] = checkRange(low, high, options);
    return from + (isSmall(options.dtype) ? this.#pieces(options.dtype).bounded(range) : bounded(this.bits, range));
  }

  /** `size` integers. With small `dtype`s the values of one call share 32-bit draws, as in numpy. */
  integersArray(size: number, low: number, high?: number, options: IntegersOptions = {}): number[] {
    const [from, range] = checkRange(low, high, options);
    const pieces = isSmall(options.dtype) ? this.#pieces(options.dtype) : null;
    return Array.from({ length: size }, () => from + (pieces ? pieces.bounded(range) : bounded(this.bits, range)));
  }

  /** As `integers` for ranges beyond 2^53 (up to 64 bits). */
  integersBigInt(low: bigint, high: bigint, options: { readonly endpoint?: boolean } = {}): bigint {
    const range = (options.endpoint === true ? high : high - 1n) - low;
    if (range < 0n || range > 0xffffffffffffffffn) {
      throw new ValueError(`integers: got [${low}, ${high}), expected low < high and at most 64 bits`);
    }
    return low + bounded64(this.bits, range);
  }

  /** One element of `from`, or an integer below it; with `p`, drawn with these probabilities. */
  choice(from: number, options?: Pick<ChoiceOptions, "p">): number;
  choice<T>(from: readonly T[], options?: Pick<ChoiceOptions, "p">): T;
  choice<T>(from: number | readonly T[], options: Pick<ChoiceOptions, "p"> = {}): number | T {
    const size = typeof from === "number" ? from : from.length;
    checkPopulation(size);
    const index = options.p
      ? searchSorted(cumulative(options.p, size), this.bits.nextDouble())
      : bounded(this.bits, size - 1);
    return typeof from === "number" ? index : from[index]!;
  }

  /** `size` elements of `from` (or integers below it), with replacement unless `replace` is false. */
  choiceArray(from: number, size: number, options?: ChoiceOptions): number[];
  choiceArray<T>(from: readonly T[], size: number, options?: ChoiceOptions): T[];
  choiceArray<T>(from: number | readonly T[], size: number, options: ChoiceOptions = {}): (number | T)[] {
    const n = typeof from === "number" ? from : from.length;
    if (size > 0) checkPopulation(n);
    const indices = this.#choiceIndices(n, size, options);
    return typeof from === "number" ? indices : indices.map((index) => from[index]!);
  }

  /** A shuffled copy of `from`, or of 0, 1, …, from - 1. */
  permutation(from: number): number[];
  permutation<T>(from: readonly T[]): T[];
  permutation<T>(from: number | readonly T[]): (number | T)[] {
    const values = typeof from === "number" ? Array.from({ length: from }, (_, i) => i) : [...from];
    this.shuffle(values);
    return values;
  }

  /** Shuffles `values` in place. */
  shuffle(values: { readonly length: number; [index: number]: unknown }): void {
    for (let i = values.length - 1; i >= 1; i--) {
      const j = boundedByMask(this.#next32, i);
      const other = values[j];
      values[j] = values[i];
      values[i] = other;
    }
  }

  /** Number of words that `saveState` writes. */
  get numStateWords(): number {
    return this.bits.numStateWords;
  }

  /** Copies the whole state into `words` from `at` on. */
  saveState(words: Uint32Array, at = 0): void {
    this.bits.saveState(words, at);
  }

  /** Takes a state written by `saveState`. Throws ValueError, unchanged, if it cannot be one. */
  loadState(words: Uint32Array, at = 0): void {
    this.bits.loadState(words, at);
  }

  /** Independent generators for parallel use. Throws ValueError for a generator that was not made from a seed. */
  spawn(numChildren: number): Generator[] {
    const sequence = this.bits.seedSequence;
    if (sequence === null) throw new ValueError("spawn: this generator was not made from a seed");
    return sequence.spawn(numChildren).map((child) => new Generator(new PCG64(child)));
  }

  /** A generator that continues from the same state, apart. */
  clone(): Generator {
    const copy = new Generator(new PCG64(this.bits.seedSequence ?? 0));
    const words = new Uint32Array(this.bits.numStateWords);
    this.bits.saveState(words);
    copy.bits.loadState(words);
    return copy;
  }

  #choiceIndices(n: number, size: number, { replace = true, p, shuffle = true }: ChoiceOptions): number[] {
    if (!replace) return p ? chooseDistinctWeighted(this.bits, p, size) : chooseDistinct(this.bits, n, size, shuffle);
    if (!p) return Array.from({ length: size }, () => bounded(this.bits, n - 1));
    const sums = cumulative(p, n);
    return Array.from({ length: size }, () => searchSorted(sums, this.bits.nextDouble()));
  }

  #pieces(dtype: SmallType): BitPieces {
    return new BitPieces(this.bits, dtype === "bool" ? 1 : dtype === "int8" || dtype === "uint8" ? 8 : 16);
  }
}

/** numpy.random.default_rng: a generator for a seed, or one from fresh entropy without. Throws InvalidSeed on a seed that is none. */
export function defaultRng(seed?: Seed | SeedSequence): Generator {
  return new Generator(seed === undefined ? new PCG64() : new PCG64(seed));
}

type SmallType = "bool" | "int8" | "uint8" | "int16" | "uint16";

function isSmall(dtype: IntegerType | undefined): dtype is SmallType {
  return dtype === "bool" || dtype === "int8" || dtype === "uint8" || dtype === "int16" || dtype === "uint16";
}

const LIMITS: Readonly<Record<IntegerType, readonly [number, number]>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** [first value, last value - first value]. */
function checkRange(low: number, high: number | undefined, options: IntegersOptions): [from: number, range: number] {
  const from = high === undefined ? 0 : low;
  const end = high ?? low;
  const last = options.endpoint === true ? end : end - 1;
  const [min, max] = LIMITS[options.dtype ?? "int64"];
  const valid = Number.isInteger(from) && Number.isInteger(last) && from <= last && from >= min && last <= max;
  if (!valid || !Number.isSafeInteger(last - from)) {
    throw new ValueError(
      `integers: got [${from}, ${end}), expected integers with low < high within ${options.dtype ?? "int64"}`,
    );
  }
  return [from, last - from];
}

function checkPopulation(size: number): void {
  if (!Number.isInteger(size) || size <= 0) {
    throw new ValueError(`choice: got ${size} values to choose from, expected at least 1`);
  }
}

function fill(size: number, draw: (i: number) => number): Float64Array {
  const values = new Float64Array(size);
  for (let i = 0; i < size; i++) values[i] = draw(i);
  return values;
}

function entry(values: number | ArrayLike<number>, i: number): number {
  return typeof values === "number" ? values : values[i]!;
}
