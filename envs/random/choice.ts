import { InvalidProbability, ValueError } from "../errors.ts";
import { bounded } from "./bounded.ts";
import type { PCG64 } from "./pcg64.ts";

/** Cumulative probabilities, the last one exactly 1. Throws InvalidProbability unless `p` has `size` entries >= 0 that sum to 1 (to 1.5e-8). */
export function cumulative(p: ArrayLike<number>, size: number): Float64Array {
  if (p.length !== size) throw new InvalidProbability(`p: got ${p.length} probabilities, expected ${size}`);
  const sums = new Float64Array(size);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    if (!(p[i]! >= 0)) throw new InvalidProbability(`p[${i}]: got ${p[i]}, expected a probability >= 0`);
    sum += p[i]!;
    sums[i] = sum;
  }
  if (!(Math.abs(sum - 1) <= 1.5e-8)) throw new InvalidProbability(`p: probabilities sum to ${sum}, expected 1`);
  return sums.map((value) => value / sum);
}

/** Index of the first cumulative probability above `draw`. */
export function searchSorted(sums: Float64Array, draw: number): number {
  let low = 0;
  let high = sums.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > draw) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** `size` different indices below `n`, as numpy's Generator.choice(n, size, replace=False, shuffle=...) draws them. */
export function chooseDistinct(bits: PCG64, n: number, size: number, shuffle: boolean): number[] {
  if (size > n) throw new ValueError(`choice: cannot take ${size} different values out of ${n}`);
  if (n > 10000 && size > Math.floor(n / (shuffle ? 50 : 20))) {
    const all = Array.from({ length: n }, (_, i) => i);
    shuffleFrom(bits, all, Math.max(n - size, 1));
    return all.slice(n - size);
  }
  const chosen = floyd(bits, n, size);
  if (shuffle) shuffleFrom(bits, chosen, 1);
  return chosen;
}

/** Floyd's algorithm: one bounded draw per value. */
function floyd(bits: PCG64, n: number, size: number): number[] {
  const seen = new Set<number>();
  for (let j = n - size; j < n; j++) {
    const value = bounded(bits, j);
    seen.add(seen.has(value) ? j : value);
  }
  return [...seen];
}

/** Fisher-Yates from the end down to index `first`, with Lemire draws. */
function shuffleFrom(bits: PCG64, values: number[], first: number): void {
  for (let i = values.length - 1; i >= first; i--) {
    const j = bounded(bits, i);
    const other = values[j]!;
    values[j] = values[i]!;
    values[i] = other;
  }
}

/** `size` different indices drawn with probabilities `p`, as numpy's Generator.choice does with replace=False. */
export function chooseDistinctWeighted(bits: PCG64, p: ArrayLike<number>, size: number): number[] {
  const weights = Float64Array.from(p);
  cumulative(weights, weights.length);
  if (weights.filter((w) => w > 0).length < size) {
    throw new InvalidProbability(`p: fewer than ${size} values have a probability above 0`);
  }
  const found: number[] = [];
  while (found.length < size) {
    const draws = Array.from({ length: size - found.length }, () => bits.nextDouble());
    for (const index of found) weights[index] = 0;
    let sum = 0;
    const sums = weights.map((w) => (sum += w));
    const normalised = sums.map((value) => value / sum);
    found.push(...new Set(draws.map((draw) => searchSorted(normalised, draw))));
  }
  return found;
}
