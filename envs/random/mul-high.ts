/**
 * Upper 32 bits of the 64-bit product of two uint32.
 *
 * The float product is off by at most 2^10 and so is the subtraction, so the quotient is within 2^-21 of an integer: rounding is exact.
 */
export function mulHigh(a: number, b: number): number {
  return Math.round((a * b - (Math.imul(a, b) >>> 0)) * 2.3283064365386963e-10);
}
