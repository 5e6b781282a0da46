/** A well-mixed 32-bit hash of a 32-bit integer (the "lowbias32" finaliser). */
export function hash32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A number in [0, 1) that depends on a seed, a counter and a stream alone: randomness without a state to be saved.
 * Streams of one seed are independent of each other.
 */
export function hashUnit(seed: number, counter: number, stream: number): number {
  return hash32(hash32(hash32(seed) + counter) + Math.imul(stream, 0x9e3779b9)) / 2 ** 32;
}

/** Like `hashUnit`, but smooth in `position`: linear between whole numbers. */
export function smoothNoise(seed: number, position: number, stream: number): number {
  const whole = Math.floor(position);
  const part = position - whole;
  return (1 - part) * hashUnit(seed, whole, stream) + part * hashUnit(seed, whole + 1, stream);
}
