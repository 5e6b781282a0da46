import { ValueError } from "../errors.ts";
import type { Seed } from "../env.ts";
import { mulHigh } from "./mul-high.ts";
import { SeedSequence } from "./seed-sequence.ts";

// The multiplier 0x2360ED051FC65DA44385DF649FCCF645, lowest word first.
const M0 = 0x9fccf645;
const M1 = 0x4385df64;
const M2 = 0x1fc65da4;
const M3 = 0x2360ed05;
const TO_UPPER = 2.3283064365386963e-10; // 2^-32

// Words of the state: 0..3 LCG state (lowest first), 4..7 increment, 8 whether half a draw is buffered, 9 that half.
const NUM_WORDS = 10;
const HAS_HALF = 8;
const HALF = 9;

/**
 * numpy's PCG64 bit generator: a 128-bit linear congruential generator with the XSL-RR output function.
 *
 * The state lives in 32-bit words, so that a draw needs neither BigInt nor an allocation.
 */
export class PCG64 {
  /** What it was seeded from, for `Generator.spawn`. */
  readonly seedSequence: SeedSequence | null;
  /** Upper half of the last 64-bit draw. */
  high = 0;
  /** Lower half of the last 64-bit draw. */
  low = 0;
  readonly #words = new Uint32Array(NUM_WORDS);

  /** Starts the stream of a seed, or of a seed sequence. */
  constructor(seed: Seed | SeedSequence = new SeedSequence()) {
    this.seedSequence = seed instanceof SeedSequence ? seed : new SeedSequence(seed);
    this.#seed(this.seedSequence.generateState(8));
  }

  /** Draws 64 bits into `high` and `low`. */
  next64(): void {
    const w = this.#words;
    this.#advance();
    const rotation = w[3]! >>> 26;
    const even = w[0]! ^ w[2]!;
    const odd = w[1]! ^ w[3]!;
    const low = rotation < 32 ? even : odd;
    const high = rotation < 32 ? odd : even;
    const shift = rotation & 31;
    if (shift === 0) {
      this.high = high >>> 0;
      this.low = low >>> 0;
      return;
    }
    this.high = ((high >>> shift) | (low << (32 - shift))) >>> 0;
    this.low = ((low >>> shift) | (high << (32 - shift))) >>> 0;
  }

  /** Draws 32 bits: the lower half of a 64-bit draw first, its upper half on the next call. */
  next32(): number {
    const w = this.#words;
    if (w[HAS_HALF] === 1) {
      w[HAS_HALF] = 0;
      return w[HALF]!;
    }
    this.next64();
    w[HAS_HALF] = 1;
    w[HALF] = this.high;
    return this.low;
  }

  /** Draws a double in [0, 1) with 53 random bits. */
  nextDouble(): number {
    this.next64();
    return (this.high * 2097152 + (this.low >>> 11)) * 1.1102230246251565e-16;
  }

  /** Draws 64 bits as a BigInt; for ranges beyond 32 bits, slow. */
  nextBigInt(): bigint {
    this.next64();
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  /** LCG state, [128 bits]. */
  get state(): bigint {
    return wide(this.#words, 0);
  }

  /** LCG increment, [128 bits]. */
  get inc(): bigint {
    return wide(this.#words, 4);
  }

  /** The buffered upper half of a draw, or null. */
  get bufferedHalf(): number | null {
    return this.#words[HAS_HALF] === 1 ? this.#words[HALF]! : null;
  }

  /** Number of words that `saveState` writes. */
  get numStateWords(): number {
    return NUM_WORDS;
  }

  /** Copies the whole state into `words` from `at` on. */
  saveState(words: Uint32Array, at = 0): void {
    words.set(this.#words, at);
  }

  /** Takes a state written by `saveState`. Throws ValueError, unchanged, if it cannot be one. */
  loadState(words: Uint32Array, at = 0): void {
    const state = words.subarray(at, at + NUM_WORDS);
    if (state.length !== NUM_WORDS || state[HAS_HALF]! > 1 || (state[4]! & 1) === 0) {
      throw new ValueError("PCG64 state: expected 10 words with an odd increment and a buffer flag of 0 or 1");
    }
    this.#words.set(state);
  }

  #seed(s: Uint32Array): void {
    const w = this.#words;
    // Seed words come as four uint64 w0..w3, low half first; the state is w0:w1 and the sequence w2:w3, upper half first.
    const start = [s[2]!, s[3]!, s[0]!, s[1]!];
    const sequence = [s[6]!, s[7]!, s[4]!, s[5]!];
    for (let i = 0; i < 4; i++) w[4 + i] = (sequence[i]! << 1) | (i === 0 ? 1 : sequence[i - 1]! >>> 31);
    this.#advance();
    let carry = 0;
    for (let i = 0; i < 4; i++) {
      const sum = w[i]! + start[i]! + carry;
      w[i] = sum;
      carry = sum > 0xffffffff ? 1 : 0;
    }
    this.#advance();
  }

  /** state = state * multiplier + increment, modulo 2^128. */
  #advance(): void {
    const w = this.#words;
    const a0 = w[0]!;
    const a1 = w[1]!;
    const a2 = w[2]!;
    const t0 = (Math.imul(a0, M0) >>> 0) + w[4]!;
    const r0 = t0 >>> 0;
    const t1 = (t0 - r0) * TO_UPPER + mulHigh(a0, M0) + (Math.imul(a0, M1) >>> 0) + (Math.imul(a1, M0) >>> 0) + w[5]!;
    const r1 = t1 >>> 0;
    const t2 =
      (t1 - r1) * TO_UPPER +
      mulHigh(a0, M1) +
      mulHigh(a1, M0) +
      (Math.imul(a0, M2) >>> 0) +
      (Math.imul(a1, M1) >>> 0) +
      (Math.imul(a2, M0) >>> 0) +
      w[6]!;
    const r2 = t2 >>> 0;
    const t3 =
      (t2 - r2) * TO_UPPER +
      mulHigh(a0, M2) +
      mulHigh(a1, M1) +
      mulHigh(a2, M0) +
      Math.imul(a0, M3) +
      Math.imul(a1, M2) +
      Math.imul(a2, M1) +
      Math.imul(w[3]!, M0) +
      w[7]!;
    w[0] = r0;
    w[1] = r1;
    w[2] = r2;
    w[3] = t3 >>> 0;
  }
}

function wide(words: Uint32Array, at: number): bigint {
  let value = 0n;
  for (let i = 3; i >= 0; i--) value = (value << 32n) | BigInt(words[at + i]!);
  return value;
}
