import { CustomSpaceError } from "../errors.ts";
import { Box } from "./box.ts";
import { Discrete } from "./discrete.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import type { Space } from "./space.ts";

/** The space of `n` values of a space side by side, with a copy of its random stream. */
export function batchSpace(space: Space<unknown>, n: number): Space<unknown> {
  const seed = space.random.clone();
  if (space instanceof Discrete) {
    const all = <T>(value: T): T[] => Array.from({ length: n }, () => value);
    return new MultiDiscrete(all(space.n), { start: all(space.start), dtype: space.dtype, seed });
  }
  if (space instanceof Box) {
    const shape = [n, ...space.shape];
    return new Box(
      repeat(space.low, space.boundedBelow, n, -Infinity),
      repeat(space.high, space.boundedAbove, n, Infinity),
      {
        shape,
        dtype: space.dtype,
        seed,
      },
    );
  }
  throw new CustomSpaceError(`batchSpace: cannot batch ${String(space)}`);
}

function repeat(bound: Float64Array, isBounded: Uint8Array, n: number, unbounded: number): Float64Array {
  const one = bound.map((value, i) => (isBounded[i] === 1 ? value : unbounded));
  return Float64Array.from({ length: n * one.length }, (_, i) => one[i % one.length]!);
}
