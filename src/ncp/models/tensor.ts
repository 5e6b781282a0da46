import { configError } from "../checks.ts";
import { sizeOf } from "../equations/weights.ts";

/** A dense float64 array with a shape, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** "[2, 3]" */
export const showShape = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Throws ConfigError unless the tensor has this shape and its data fills it. */
export function requireShape(
  name: string,
  { shape, data }: Tensor,
  expected: readonly number[],
  meaning: string,
): void {
  const fits = shape.length === expected.length && shape.every((n, i) => n === expected[i]);
  if (!fits)
    throw configError("shape", `${name} has shape ${showShape(shape)}; expected ${showShape(expected)} (${meaning})`);
  if (data.length !== sizeOf(shape)) {
    throw configError(
      "shape",
      `${name} has ${data.length} numbers, but its shape ${showShape(shape)} needs ${sizeOf(shape)}`,
    );
  }
}

/** [A, B, width] to [B, A, width]. */
export function swapLeadingAxes(data: Float64Array, [A, B]: readonly [number, number]): Float64Array {
  const width = data.length / (A * B);
  const swapped = new Float64Array(data.length);
  for (let a = 0; a < A; a++) {
    for (let b = 0; b < B; b++) {
      swapped.set(data.subarray((a * B + b) * width, (a * B + b + 1) * width), (b * A + a) * width);
    }
  }
  return swapped;
}
