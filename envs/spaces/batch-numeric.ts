import { Box } from "./box.ts";
import { Discrete } from "./discrete.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import type { Space } from "./space.ts";

/** Spaces whose batched values are one array. */
export type NumericSpace = Box | Discrete | MultiBinary | MultiDiscrete;

/** Whether a space's batched values are one array. */
export function isNumeric(space: Space<unknown>): space is NumericSpace {
  return (
    space instanceof Box || space instanceof Discrete || space instanceof MultiBinary || space instanceof MultiDiscrete
  );
}

/** The space of `n` values side by side, with a copy of the random stream. */
export function batchNumeric(space: NumericSpace, n: number): Box | MultiDiscrete {
  const seed = space.random.clone();
  if (space instanceof Discrete) {
    const all = <T>(value: T): T[] => Array.from({ length: n }, () => value);
    return new MultiDiscrete(all(space.n), { start: all(space.start), dtype: space.dtype, seed });
  }
  const shape = [n, ...space.shape];
  if (space instanceof MultiBinary) return new Box(0, 1, { shape, dtype: "int8", seed });
  const [low, high] = space instanceof Box ? openBounds(space) : ends(space);
  return new Box(repeat(low, n), repeat(high, n), { shape, dtype: space.dtype, seed });
}

/** Bounds of a box with the open ends infinite again. */
const openBounds = (space: Box): [low: Float64Array, high: Float64Array] => [
  space.low.map((value, i) => (space.boundedBelow[i] === 1 ? value : -Infinity)),
  space.high.map((value, i) => (space.boundedAbove[i] === 1 ? value : Infinity)),
];

const ends = ({ start, nvec }: MultiDiscrete): [low: Float64Array, high: Float64Array] => [
  start,
  start.map((first, i) => first + nvec[i]! - 1),
];

function repeat(values: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * values.length }, (_, i) => values[i % values.length]!);
}
