import { CustomSpaceError, ValueError } from "../errors.ts";
import { Box } from "./box.ts";
import { Dict } from "./dict.ts";
import type { DictValue } from "./dict.ts";
import { Discrete } from "./discrete.ts";
import { allocate, dtypeOf } from "./dtype.ts";
import type { ValueArray } from "./dtype.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import { flattenNested } from "./nested.ts";
import type { Space } from "./space.ts";
import { Text } from "./text.ts";
import { Tuple } from "./tuple.ts";

/**
 * The space of `n` values of a space side by side, with a copy of its random stream: a Box gets a leading axis, Discrete becomes
 * MultiDiscrete, MultiDiscrete and MultiBinary become Box, Dict and Tuple are batched part by part, Text becomes a Tuple
 * of n. Throws CustomSpaceError on other spaces.
 */
export function batchSpace(space: Space<unknown>, n: number): Space<unknown> {
  if (!Number.isInteger(n) || n < 1) throw new ValueError(`batchSpace: got ${String(n)} copies, expected at least 1`);
  const seed = space.random.clone();
  if (space instanceof Discrete) {
    const all = <T>(value: T): T[] => Array.from({ length: n }, () => value);
    return new MultiDiscrete(all(space.n), { start: all(space.start), dtype: space.dtype, seed });
  }
  if (space instanceof Box) {
    const low = space.low.map((value, i) => (space.boundedBelow[i] === 1 ? value : -Infinity));
    const high = space.high.map((value, i) => (space.boundedAbove[i] === 1 ? value : Infinity));
    return new Box(repeat(low, n), repeat(high, n), { shape: [n, ...space.shape], dtype: space.dtype, seed });
  }
  if (space instanceof MultiDiscrete) {
    const high = space.start.map((start, i) => start + space.nvec[i]! - 1);
    return new Box(repeat(space.start, n), repeat(high, n), { shape: [n, ...space.shape], dtype: space.dtype, seed });
  }
  if (space instanceof MultiBinary) return new Box(0, 1, { shape: [n, ...space.shape], dtype: "int8", seed });
  if (space instanceof Dict) {
    return new Dict(
      [...space.spaces].map(([key, part]) => [key, batchSpace(part, n)] as const),
      { seed },
    );
  }
  if (space instanceof Tuple)
    return new Tuple(
      space.spaces.map((part) => batchSpace(part, n)),
      { seed },
    );
  if (space instanceof Text) {
    const copies = new Tuple(
      Array.from({ length: n }, () => space.copy()),
      { seed },
    );
    copies.seed(seed.clone().integersArray(n, 0, 1e8));
    return copies;
  }
  throw new CustomSpaceError(`batchSpace: ${String(space)} is no space of this package, so it cannot be batched`);
}

/** `n` values of a space as one value of its batched space, in a new array. */
export function concatenate(space: Space<unknown>, values: readonly unknown[]): unknown {
  const batch = createEmptyArray(space, values.length);
  for (const [i, value] of values.entries()) putRow(space, batch, i, value);
  return batch;
}

/** Writes value `i` of a value of the batched space. Throws ValueError on a value of another size. */
export function putRow(space: Space<unknown>, batch: unknown, i: number, value: unknown): void {
  if (space instanceof Dict) {
    for (const [key, part] of space.spaces) putRow(part, (batch as DictValue)[key], i, (value as DictValue)[key]);
  } else if (space instanceof Tuple) {
    for (const [k, part] of space.spaces.entries())
      putRow(part, (batch as readonly unknown[])[k], i, (value as readonly unknown[])[k]);
  } else if (isNumeric(space)) {
    const size = space instanceof Discrete ? 1 : space.size;
    writeValue(space, value, batch as ValueArray, i * size, size);
  } else (batch as unknown[])[i] = value;
}

/** A zeroed value of the batched space of `n` values. */
export function createEmptyArray(space: Space<unknown>, n: number): unknown {
  if (space instanceof Dict) {
    return Object.fromEntries([...space.spaces].map(([key, part]) => [key, createEmptyArray(part, n)]));
  }
  if (space instanceof Tuple) return space.spaces.map((part) => createEmptyArray(part, n));
  return isNumeric(space) ? emptyArray(space, n) : Array.from({ length: n }, () => null);
}

/** The `n` values in a value of the batched space, each a copy. */
export function iterate(space: Space<unknown>, batch: unknown, n: number): unknown[] {
  if (space instanceof Dict) {
    const columns = [...space.spaces].map(([key, part]) => [key, iterate(part, (batch as DictValue)[key], n)] as const);
    return Array.from({ length: n }, (_, i) => Object.fromEntries(columns.map(([key, values]) => [key, values[i]])));
  }
  if (space instanceof Tuple) {
    const columns = space.spaces.map((part, i) => iterate(part, (batch as readonly unknown[])[i], n));
    return Array.from({ length: n }, (_, i) => columns.map((values) => values[i]));
  }
  const values = batch as ValueArray | readonly unknown[];
  if (!isNumeric(space)) return [...(values as readonly unknown[])];
  const size = values.length / n;
  if (space instanceof Discrete) return Array.from(values as ArrayLike<number>, Number);
  const flat = Array.isArray(values) ? Float64Array.from(values.flat(Infinity) as number[]) : (values as ValueArray);
  return Array.from({ length: n }, (_, i) => {
    const one = emptyArray(space, 1);
    const rowSize = flat === values ? size : one.length;
    for (let k = 0; k < one.length; k++) one[k] = flat[i * rowSize + k]!;
    return one;
  });
}

function isNumeric(space: Space<unknown>): space is Box | Discrete | MultiBinary | MultiDiscrete {
  return (
    space instanceof Box || space instanceof Discrete || space instanceof MultiBinary || space instanceof MultiDiscrete
  );
}

function emptyArray(space: Box | Discrete | MultiBinary | MultiDiscrete, n: number): ValueArray {
  if (!(space instanceof Box)) return allocate(space.dtype, n * (space instanceof Discrete ? 1 : space.size));
  const isWide = space.zeros() instanceof BigInt64Array || space.zeros() instanceof BigUint64Array;
  return allocate(space.dtype, n * space.size, isWide);
}

function writeValue(space: Space<unknown>, value: unknown, batch: ValueArray, at: number, size: number): void {
  if (typeof value === "number") {
    batch[at] = value;
    return;
  }
  const values = dtypeOf(value) === null ? flattenNested(value, space.shape ?? []) : (value as ArrayLike<number>);
  if (values === null || values.length !== size)
    throw new ValueError(`concatenate: expected values of ${String(space)}`);
  for (let i = 0; i < size; i++) batch[at + i] = values[i]!;
}

function repeat(values: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * values.length }, (_, i) => values[i % values.length]!);
}
