import type { ParameterBlock } from "../parameter-block.ts";
import type { Uniform } from "./layer.ts";

/** Fills a parameter with U(-bound, bound). */
export function setUniform(block: ParameterBlock, name: string, numel: number, bound: number, uniform: Uniform): void {
  block.set(
    name,
    Float32Array.from({ length: numel }, () => (2 * uniform() - 1) * bound),
  );
}

/** Bound of Xavier's uniform initialiser. */
export const xavierBound = (fanIn: number, fanOut: number): number => Math.sqrt(6 / (fanIn + fanOut));

/** A [rows, cols] matrix with orthonormal rows or columns (whichever are fewer) times gain, row-major. */
export function orthogonal(rows: number, cols: number, gain: number, uniform: Uniform): Float32Array {
  const [count, width] = rows < cols ? [rows, cols] : [cols, rows];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length: width }, () => normal(uniform));
    for (const other of basis) subtractProjection(vector, other);
    const norm = Math.hypot(...vector);
    if (norm > 1e-6) basis.push(vector.map((x) => x / norm));
  }
  return Float32Array.from({ length: rows * cols }, (_, i) => {
    const [r, c] = [Math.floor(i / cols), i % cols];
    return gain * (rows < cols ? basis[r]![c]! : basis[c]![r]!);
  });
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < vector.length; i++) dot += vector[i]! * unit[i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= dot * unit[i]!;
}

/** Box-Muller. */
const normal = (uniform: Uniform): number =>
  Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
