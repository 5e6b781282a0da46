import { type Matrix, add, exponential, matrix, multiply, scale, transpose } from "./matrix.ts";

/** x' = A x + B u with one input; A is [n, n], B is [n, 1]. */
export interface LinearSystem {
  readonly a: Matrix;
  readonly b: Matrix;
}

/** The same system sampled every `seconds` with the input held: e^{[A B; 0 0] t} = [A_d B_d; 0 1]. */
export function discretize({ a, b }: LinearSystem, seconds: number): LinearSystem {
  const n = a.length;
  const block = matrix(n + 1, n + 1, (i, j) => (i === n ? 0 : seconds * (j === n ? b[i]![0]! : a[i]![j]!)));
  const whole = exponential(block);
  return { a: matrix(n, n, (i, j) => whole[i]![j]!), b: matrix(n, 1, (i) => whole[i]![n]!) };
}

/**
 * Gain K of the linear-quadratic regulator u = −K x that minimises Σ xᵀ Q x + r u², for a sampled system.
 *
 * Riccati recursion from P = Q until it stands still: K = (r + BᵀPB)⁻¹ BᵀPA, P ← Q + Aᵀ P (A − B K).
 * Source: Anderson and Moore 1990, Optimal Control, section 2.4. Returns [n].
 */
export function regulatorGain({ a, b }: LinearSystem, q: Matrix, r: number): readonly number[] {
  const maxRounds = 5000;
  let p = q;
  let gain: Matrix = matrix(1, a.length, () => 0);
  for (let round = 0; round < maxRounds; round++) {
    const bp = multiply(transpose(b), p);
    const next = scale(multiply(bp, a), 1 / (r + multiply(bp, b)[0]![0]!));
    p = add(q, multiply(multiply(transpose(a), p), add(a, scale(multiply(b, next), -1))));
    const change = Math.max(...next[0]!.map((value, i) => Math.abs(value - gain[0]![i]!)));
    gain = next;
    if (change < 1e-10) break;
  }
  return gain[0]!;
}
