import { ValueError } from "../errors.ts";
import { isNumeric } from "./batch-numeric.ts";
import type { NumericSpace } from "./batch-numeric.ts";
import { Box } from "./box.ts";
import { Dict } from "./dict.ts";
import type { DictValue } from "./dict.ts";
import { Discrete } from "./discrete.ts";
import { allocate, dtypeOf } from "./dtype.ts";
import type { ValueArray } from "./dtype.ts";
import { flattenNested } from "./nested.ts";
import type { Space } from "./space.ts";
import { Tuple } from "./tuple.ts";

/** `n` values of a space as one value of its batched space (see `batchSpace`), in a new array. Throws ValueError on values of another space. */
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

function emptyArray(space: NumericSpace, n: number): ValueArray {
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

/** How many values a value of a batched space holds; null where it has not the form of one. */
export function countRows(space: Space<unknown>, batch: unknown): number | null {
  if (space instanceof Dict || space instanceof Tuple) {
    if (typeof batch !== "object" || batch === null) return null;
    const keys = space instanceof Dict ? [...space.spaces.keys()] : [...space.spaces.keys()].map(String);
    const counts = space.parts.map((part, i) => countRows(part, (batch as DictValue)[keys[i]!]));
    return counts.every((count) => count === counts[0]) ? (counts[0] ?? null) : null;
  }
  if (!isNumeric(space)) return Array.isArray(batch) ? batch.length : null;
  if (dtypeOf(batch) === null) return null;
  const count = (batch as ValueArray).length / (space instanceof Discrete ? 1 : space.size);
  return Number.isInteger(count) ? count : null;
}
