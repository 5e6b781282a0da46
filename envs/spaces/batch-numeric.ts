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

/** The space of one value of each of these side by side, with a copy of the first one's random stream. They must be of one class, shape and dtype. */
export function batchNumeric(spaces: readonly [NumericSpace, ...NumericSpace[]]): Box | MultiDiscrete {
  const [first] = spaces;
  const seed = first.random.clone();
  if (first instanceof Discrete) {
    const all = spaces as readonly Discrete[];
    return new MultiDiscrete(
      all.map(({ n }) => n),
      { start: all.map(({ start }) => start), dtype: first.dtype, seed },
    );
  }
  const shape = [spaces.length, ...first.shape];
  if (first instanceof MultiBinary) return new Box(0, 1, { shape, dtype: "int8", seed });
  const bounds = (spaces as readonly (Box | MultiDiscrete)[]).map((space) =>
    space instanceof Box ? openBounds(space) : ends(space),
  );
  const [low, high] = [0, 1].map((end) => joined(bounds.map((pair) => pair[end]!))) as [Float64Array, Float64Array];
  return new Box(low, high, { shape, dtype: first.dtype, seed });
}

/** The same for `n` values of one space; n is at least 1. */
export const batchNumericCopies = (space: NumericSpace, n: number): Box | MultiDiscrete =>
  batchNumeric([space, ...Array.from({ length: n - 1 }, () => space)]);

/** Bounds of a box with the open ends infinite again. */
const openBounds = (space: Box): [low: Float64Array, high: Float64Array] => [
  space.low.map((value, i) => (space.boundedBelow[i] === 1 ? value : -Infinity)),
  space.high.map((value, i) => (space.boundedAbove[i] === 1 ? value : Infinity)),
];

const ends = ({ start, nvec }: MultiDiscrete): [low: Float64Array, high: Float64Array] => [
  start,
  start.map((first, i) => first + nvec[i]! - 1),
];

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
