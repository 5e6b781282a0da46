import type { PCG64 } from "./pcg64.ts";
import {
  exponentialF,
  exponentialK,
  exponentialW,
  EXPONENTIAL_TAIL_START,
  normalF,
  normalK,
  normalW,
  NORMAL_TAIL_SCALE,
  NORMAL_TAIL_START,
} from "./ziggurat-tables.ts";

/** One draw of the standard normal distribution (256-layer ziggurat, bit for bit numpy's). */
export function drawNormal(bits: PCG64): number {
  for (;;) {
    // Of the 64 bits: 0..7 layer, 8 sign, 9..60 magnitude.
    bits.next64();
    const layer = bits.low & 0xff;
    const magnitude = (bits.high & 0x1fffffff) * 8388608 + (bits.low >>> 9);
    const tailSign = (bits.low >>> 17) & 1;
    const distance = magnitude * normalW[layer]!;
    const x = bits.low & 0x100 ? -distance : distance;
    if (magnitude < normalK[layer]!) return x;
    if (layer === 0) {
      const tail = drawNormalTail(bits);
      return tailSign ? -tail : tail;
    }
    const height = (normalF[layer - 1]! - normalF[layer]!) * bits.nextDouble() + normalF[layer]!;
    if (height < Math.exp(-0.5 * x * x)) return x;
  }
}

function drawNormalTail(bits: PCG64): number {
  for (;;) {
    const x = -NORMAL_TAIL_SCALE * Math.log1p(-bits.nextDouble());
    const y = -Math.log1p(-bits.nextDouble());
    if (y + y > x * x) return NORMAL_TAIL_START + x;
  }
}

/** One draw of the standard exponential distribution (256-layer ziggurat, bit for bit numpy's). */
export function drawExponential(bits: PCG64): number {
  for (;;) {
    // Of the 64 bits: 3..10 layer, 11..63 magnitude.
    bits.next64();
    const layer = (bits.low >>> 3) & 0xff;
    const magnitude = bits.high * 2097152 + (bits.low >>> 11);
    const x = magnitude * exponentialW[layer]!;
    if (magnitude < exponentialK[layer]!) return x;
    if (layer === 0) return EXPONENTIAL_TAIL_START - Math.log1p(-bits.nextDouble());
    const height = (exponentialF[layer - 1]! - exponentialF[layer]!) * bits.nextDouble() + exponentialF[layer]!;
    if (height < Math.exp(-x)) return x;
  }
}
