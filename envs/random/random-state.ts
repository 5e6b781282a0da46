import { InvalidSeed, ValueError } from "../errors.ts";
import { boundedByMask } from "./bounded.ts";
import { cumulative, searchSorted } from "./choice.ts";

const N = 624;
const M = 397;
const NUM_WORDS = N + 4; // key, position, whether a normal is buffered, that normal (two words)

/** numpy's legacy random numbers: RandomState over MT19937, draw by draw. For MinAtar and the circuit wirings. */
export class RandomState {
  readonly #key = new Uint32Array(N);
  #position = N;
  #bufferedNormal: number | null = null;
  readonly #next32 = (): number => this.next32();

  /** Throws InvalidSeed unless `seed` is an integer in [0, 2^32 - 1]. */
  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts over from `seed`. */
  seed(seed: number): void {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
      throw new InvalidSeed(`RandomState seed: got ${seed}, expected an integer in [0, 4294967295]`);
    }
    const key = this.#key;
    key[0] = seed;
    for (let i = 1; i < N; i++) {
      const previous = key[i - 1]!;
      key[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
    this.#position = N;
    this.#bufferedNormal = null;
  }

  /** 32 random bits. */
  next32(): number {
    if (this.#position === N) this.#refill();
    let y = this.#key[this.#position++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  /** A double in [0, 1). numpy calls it `rand` and `random_sample` too. */
  random(): number {
    const upper = this.next32() >>> 5;
    return (upper * 67108864 + (this.next32() >>> 6)) / 9007199254740992;
  }

  /** Doubles in [0, 1), [size]. */
  randomArray(size: number): Float64Array {
    return Float64Array.from({ length: size }, () => this.random());
  }

  /** A double in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.random();
  }

  /** Doubles in [low, high), [size]. */
  uniformArray(size: number, low = 0, high = 1): Float64Array {
    return Float64Array.from({ length: size }, () => this.uniform(low, high));
  }

  /** An integer in [low, high), or in [0, low) with one argument; a range of one value draws nothing. Throws ValueError on an empty range. */
  randint(low: number, high?: number): number {
    const from = high === undefined ? 0 : low;
    const end = high ?? low;
    const range = end - 1 - from;
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(end) || range < 0) {
      throw new ValueError(`randint: got [${from}, ${end}), expected integers with low < high`);
    }
    return from + (range <= 0xffffffff ? boundedByMask(this.#next32, range) : this.#wideBelow(range));
  }

  /** Integers as `randint`, [size]. */
  randintArray(size: number, low: number, high?: number): number[] {
    return Array.from({ length: size }, () => this.randint(low, high));
  }

  /** One element of `from`, or an integer below it; with `p`, drawn with these probabilities. */
  choice(from: number, options?: { readonly p?: ArrayLike<number> }): number;
  choice<T>(from: readonly T[], options?: { readonly p?: ArrayLike<number> }): T;
  choice<T>(from: number | readonly T[], { p }: { readonly p?: ArrayLike<number> } = {}): number | T {
    const n = typeof from === "number" ? from : from.length;
    const index = p ? searchSorted(cumulative(p, n), this.random()) : this.randint(n);
    return typeof from === "number" ? index : from[index]!;
  }

  /** `size` elements of `from` (or integers below it), with replacement unless `replace` is false. */
  choiceArray(from: number, size: number, options?: LegacyChoiceOptions): number[];
  choiceArray<T>(from: readonly T[], size: number, options?: LegacyChoiceOptions): T[];
  choiceArray<T>(from: number | readonly T[], size: number, options: LegacyChoiceOptions = {}): (number | T)[] {
    const values: readonly (number | T)[] = typeof from === "number" ? Array.from({ length: from }, (_, i) => i) : from;
    if (options.replace !== false) {
      const p = options.p === undefined ? {} : { p: options.p };
      return Array.from({ length: size }, () => this.choice(values, p));
    }
    if (options.p) throw new ValueError("RandomState.choice: probabilities without replacement are not supported");
    if (size > values.length) {
      throw new ValueError(`choice: cannot take ${size} different values out of ${values.length}`);
    }
    return this.permutation(values).slice(0, size);
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

  /** Marsaglia's polar method; every second value comes from the one before. */
  standardNormal(): number {
    if (this.#bufferedNormal !== null) {
      const value = this.#bufferedNormal;
      this.#bufferedNormal = null;
      return value;
    }
    for (;;) {
      const x = 2 * this.random() - 1;
      const y = 2 * this.random() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#bufferedNormal = factor * x;
      return factor * y;
    }
  }

  /** Successes in `n` trials of probability `p`. Inversion only: throws ValueError where numpy would use BTPE (n min(p, 1 - p) > 30). */
  binomial(n: number, p: number): number {
    if (!Number.isInteger(n) || n < 0 || !(p >= 0 && p <= 1)) {
      throw new ValueError(`binomial: got n = ${n}, p = ${p}, expected an integer n >= 0 and 0 <= p <= 1`);
    }
    if (n === 0 || p === 0) return 0;
    const rarer = p <= 0.5 ? p : 1 - p;
    if (n * rarer > 30)
      throw new ValueError(`binomial: n = ${n}, p = ${p} has n min(p, 1 - p) > 30, which is not supported`);
    const successes = this.#invertBinomial(n, rarer);
    return p <= 0.5 ? successes : n - successes;
  }

  /** Number of words that `saveState` writes. */
  get numStateWords(): number {
    return NUM_WORDS;
  }

  /** Copies the whole state into `words` from `at` on. */
  saveState(words: Uint32Array, at = 0): void {
    words.set(this.#key, at);
    words[at + N] = this.#position;
    words[at + N + 1] = this.#bufferedNormal === null ? 0 : 1;
    const view = new DataView(words.buffer, words.byteOffset);
    view.setFloat64((at + N + 2) * 4, this.#bufferedNormal ?? 0, true);
  }

  /** Takes a state written by `saveState`. Throws ValueError, unchanged, if it cannot be one. */
  loadState(words: Uint32Array, at = 0): void {
    if (words.length < at + NUM_WORDS || words[at + N]! > N || words[at + N + 1]! > 1) {
      throw new ValueError(`MT19937 state: expected ${NUM_WORDS} words with a position up to ${N}`);
    }
    this.#key.set(words.subarray(at, at + N));
    this.#position = words[at + N]!;
    const view = new DataView(words.buffer, words.byteOffset);
    this.#bufferedNormal = words[at + N + 1] === 1 ? view.getFloat64((at + N + 2) * 4, true) : null;
  }

  #refill(): void {
    const key = this.#key;
    for (let i = 0; i < N; i++) {
      const y = (key[i]! & 0x80000000) | (key[i + 1 < N ? i + 1 : 0]! & 0x7fffffff);
      const far = key[i + M < N ? i + M : i + M - N]!;
      key[i] = far ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }

  /** Masked rejection on 64-bit draws (upper word first), for ranges of 2^32 to 2^53. */
  #wideBelow(range: number): number {
    const upperMask = 0xffffffff >>> Math.clz32(Math.floor(range / 4294967296));
    for (;;) {
      const upper = (this.next32() & upperMask) >>> 0;
      const value = upper * 4294967296 + this.next32();
      if (value <= range) return value;
    }
  }

  #invertBinomial(n: number, p: number): number {
    const q = 1 - p;
    const none = Math.exp(n * Math.log(q));
    const mean = n * p;
    const bound = Math.floor(Math.min(n, mean + 10 * Math.sqrt(mean * q + 1)));
    let successes = 0;
    let probability = none;
    let draw = this.random();
    while (draw > probability) {
      successes++;
      if (successes > bound) {
        successes = 0;
        probability = none;
        draw = this.random();
      } else {
        draw -= probability;
        probability = ((n - successes + 1) * p * probability) / (successes * q);
      }
    }
    return successes;
  }
}

/** Options of `RandomState.choiceArray`. `replace`: whether an element may come again (default true); `p`: probabilities, [number of elements]. */
export interface LegacyChoiceOptions {
  readonly replace?: boolean;
  readonly p?: ArrayLike<number>;
}
