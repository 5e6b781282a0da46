import { Engine, MemoryPlan, type Tensor } from "../../../src/engine/index.ts";

/** Draws in [0, 1) that are the same in every run: a linear congruential generator, good enough to fill test matrices. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** n float32 numbers in [-scale, scale). */
export function randomArray(n: number, seed: number, scale = 1): Float32Array {
  const uniform = uniforms(seed);
  return Float32Array.from({ length: n }, () => (2 * uniform() - 1) * scale);
}

/** Makes tensors on a plan, then the engine. */
export function engineWith<T>(reserve: (plan: MemoryPlan) => T): { readonly plan: MemoryPlan; readonly tensors: T } {
  const plan = new MemoryPlan();
  const tensors = reserve(plan);
  Engine.create(plan);
  return { plan, tensors };
}

/** Writes a dense row-major [rows, cols] array into the rows of a tensor. */
export function fill(tensor: Tensor, values: ArrayLike<number>, cols = tensor.cols): void {
  for (let i = 0; i < values.length; i++) tensor.data[Math.floor(i / cols) * tensor.stride + (i % cols)] = values[i]!;
}

/** The first rows of a tensor as a dense array, padding left out. */
export function dense(tensor: Tensor, rows = tensor.rows): Float32Array {
  return Float32Array.from(
    { length: rows * tensor.cols },
    (_, i) => tensor.data[Math.floor(i / tensor.cols) * tensor.stride + (i % tensor.cols)]!,
  );
}

/** True if every number between the columns and the stride is zero. */
export function paddingIsZero(tensor: Tensor): boolean {
  return tensor.data.every((value, i) => i % tensor.stride < tensor.cols || value === 0);
}

/** Largest |a - b|. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    if (!(d <= worst)) worst = d; // NaN counts as worst
  }
  return worst;
}

/** Largest |a - b| as a part of the largest |b|. */
export function relativeDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const largest = Math.max(1e-30, ...Array.from(b, Math.abs));
  return maxDifference(a, b) / largest;
}
