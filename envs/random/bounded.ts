import { mulHigh } from "./mul-high.ts";
import type { PCG64 } from "./pcg64.ts";

/** Uniform integer in [0, range] from 32-bit draws by Lemire's method; range < 2^32. Range 0 draws nothing. */
export function bounded32(bits: PCG64, range: number): number {
  if (range === 0) return 0;
  let draw = bits.next32();
  if (range === 0xffffffff) return draw;
  const size = range + 1;
  let low = Math.imul(draw, size) >>> 0;
  if (low < size) {
    const threshold = (0xffffffff - range) % size;
    while (low < threshold) {
      draw = bits.next32();
      low = Math.imul(draw, size) >>> 0;
    }
  }
  return mulHigh(draw, size);
}

/** As `bounded32` for any range below 2^53: beyond 32 bits it takes 64-bit draws. */
export function bounded(bits: PCG64, range: number): number {
  return range <= 0xffffffff ? bounded32(bits, range) : Number(bounded64(bits, BigInt(range)));
}

/** Uniform integer in [0, range] for ranges up to 2^64 - 1, as numpy draws 64-bit integers. */
export function bounded64(bits: PCG64, range: bigint): bigint {
  if (range <= 0xffffffffn) return BigInt(bounded32(bits, Number(range)));
  const full = 0xffffffffffffffffn;
  if (range === full) return bits.nextBigInt();
  const size = range + 1n;
  const threshold = (full - range) % size;
  let product = bits.nextBigInt() * size;
  while ((product & full) < threshold) product = bits.nextBigInt() * size;
  return product >> 64n;
}

/** Uniform integer in [0, max] by masked rejection, as numpy's shuffle draws it; max < 2^32. */
export function boundedByMask(next32: () => number, max: number): number {
  if (max === 0) return 0;
  const mask = 0xffffffff >>> Math.clz32(max);
  let draw = (next32() & mask) >>> 0;
  while (draw > max) draw = (next32() & mask) >>> 0;
  return draw;
}

/** Pieces of 1, 8 or 16 bits carved lowest first out of 32-bit draws; leftovers are dropped with the object. */
export class BitPieces {
  readonly #bits: PCG64;
  readonly #width: number;
  #left = 0;
  #word = 0;

  constructor(bits: PCG64, width: 1 | 8 | 16) {
    this.#bits = bits;
    this.#width = width;
  }

  next(): number {
    if (this.#left === 0) {
      this.#word = this.#bits.next32();
      this.#left = 32 / this.#width;
    }
    const piece = this.#word & ((1 << this.#width) - 1);
    this.#word >>>= this.#width;
    this.#left--;
    return piece;
  }

  /** Uniform integer in [0, range]; Lemire's method on one piece. */
  bounded(range: number): number {
    if (range === 0) return 0;
    const max = (1 << this.#width) - 1;
    if (range === max) return this.next();
    const size = range + 1;
    const threshold = (max - range) % size;
    let product = this.next() * size;
    while ((product & max) < threshold) product = this.next() * size;
    return product >>> this.#width;
  }
}
