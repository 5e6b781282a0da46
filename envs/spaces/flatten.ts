import { CustomSpaceError, ValueError } from "../errors.ts";
import { Box } from "./box.ts";
import { Dict } from "./dict.ts";
import type { DictValue } from "./dict.ts";
import { Discrete } from "./discrete.ts";
import { allocate, dtypeOf } from "./dtype.ts";
import type { DType, ValueArray } from "./dtype.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import { flattenNested } from "./nested.ts";
import { promote } from "./promote.ts";
import type { Space } from "./space.ts";
import { Text } from "./text.ts";
import { Tuple } from "./tuple.ts";

/** Number of elements of a flattened value. Throws ValueError for spaces that cannot be flattened to a fixed size. */
export function flatdim(space: Space<unknown>): number {
  return flatBox(space).size;
}

/** The Box of flattened values. Throws as `flatdim` does. */
export function flattenSpace(space: Space<unknown>): Box {
  return flatBox(space);
}

/**
 * A value as one flat array: boxes and bits as they are, Discrete and MultiDiscrete one-hot, Dict and Tuple one after the other,
 * Text as character numbers padded with the number of characters.
 */
export function flatten(space: Space<unknown>, value: unknown): ValueArray {
  if (space instanceof Box || space instanceof MultiBinary) return ravel(space, value);
  const flat = allocate(flatBox(space).dtype, flatdim(space));
  writeFlat(space, value, flat, 0);
  return flat;
}

/** The value that a flat array stands for. Throws ValueError on an array of another length or a one-hot part without a one. */
export function unflatten(space: Space<unknown>, flat: ArrayLike<number | bigint>): unknown {
  const size = flatdim(space);
  if (flat?.length !== size)
    throw new ValueError(
      `unflatten: got ${flat?.length ?? String(flat)} numbers, expected ${size} for ${String(space)}`,
    );
  return readFlat(space, flat, 0);
}

function flatBox(space: Space<unknown>): Box {
  if (space instanceof Box) {
    const low = space.low.map((value, i) => (space.boundedBelow[i] === 1 ? value : -Infinity));
    const high = space.high.map((value, i) => (space.boundedAbove[i] === 1 ? value : Infinity));
    return new Box(low, high, { shape: [space.size], dtype: space.dtype });
  }
  if (space instanceof Discrete) return new Box(0, 1, { shape: [space.n], dtype: space.dtype });
  if (space instanceof MultiBinary) return new Box(0, 1, { shape: [space.size], dtype: "int8" });
  if (space instanceof MultiDiscrete) {
    return new Box(0, 1, { shape: [space.nvec.reduce((a, b) => a + b, 0)], dtype: space.dtype });
  }
  if (space instanceof Text) return new Box(0, space.characters.length, { shape: [space.maxLength], dtype: "int32" });
  if (space instanceof Dict || space instanceof Tuple) return joinBoxes(space.parts.map(flatBox));
  if (!space.isFlattenable) throw new ValueError(`${String(space)} cannot be flattened: its values have no fixed size`);
  throw new CustomSpaceError(`${String(space)}: this kind of space cannot be flattened`);
}

function joinBoxes(boxes: readonly Box[]): Box {
  const size = boxes.reduce((sum, box) => sum + box.size, 0);
  const [low, high] = [new Float64Array(size), new Float64Array(size)];
  let at = 0;
  for (const box of boxes) {
    low.set(
      box.low.map((value, i) => (box.boundedBelow[i] === 1 ? value : -Infinity)),
      at,
    );
    high.set(
      box.high.map((value, i) => (box.boundedAbove[i] === 1 ? value : Infinity)),
      at,
    );
    at += box.size;
  }
  const dtype = boxes.map((box) => box.dtype).reduce(promote, "bool" as DType);
  return new Box(low, high, { shape: [size], dtype: boxes.length === 0 ? "float32" : dtype });
}

function ravel(space: Box | MultiBinary, value: unknown): ValueArray {
  if (dtypeOf(value) === space.dtype) return (value as ValueArray).slice();
  const values = dtypeOf(value) === null ? flattenNested(value, space.shape) : (value as ArrayLike<number>);
  if (values === null || values.length !== space.size) throw notOf(space);
  const flat = allocate(space.dtype, space.size);
  for (let i = 0; i < space.size; i++) flat[i] = values[i]!;
  return flat;
}

/** Writes the flat form from `at` on and returns the index after it. */
function writeFlat(space: Space<unknown>, value: unknown, flat: ValueArray, at: number): number {
  if (space instanceof Box || space instanceof MultiBinary) {
    const values = ravel(space, value);
    for (let i = 0; i < values.length; i++) setEntry(flat, at + i, Number(values[i]));
    return at + values.length;
  }
  if (space instanceof Discrete) {
    setEntry(flat, at + oneIndex(space, Number(value) - space.start, space.n), 1);
    return at + space.n;
  }
  if (space instanceof MultiDiscrete) {
    let next = at;
    const values = dtypeOf(value) === null ? flattenNested(value, space.shape) : (value as ArrayLike<number>);
    if (values?.length !== space.size) throw notOf(space);
    for (let i = 0; i < space.size; i++) {
      setEntry(flat, next + oneIndex(space, Number(values[i]) - space.start[i]!, space.nvec[i]!), 1);
      next += space.nvec[i]!;
    }
    return next;
  }
  if (space instanceof Text) {
    if (!space.contains(value)) throw notOf(space);
    const characters = Array.from(value as string);
    for (let i = 0; i < space.maxLength; i++) {
      setEntry(
        flat,
        at + i,
        i < characters.length ? space.characters.indexOf(characters[i]!) : space.characters.length,
      );
    }
    return at + space.maxLength;
  }
  if (space instanceof Dict) {
    if (typeof value !== "object" || value === null) throw notOf(space);
    return [...space.spaces].reduce((next, [key, part]) => writeFlat(part, (value as DictValue)[key], flat, next), at);
  }
  const values = value as readonly unknown[]; // flatBox let only Tuple come here
  if (!Array.isArray(value) || value.length !== (space as Tuple).spaces.length) throw notOf(space);
  return (space as Tuple).spaces.reduce((next, part, i) => writeFlat(part, values[i], flat, next), at);
}

/** Where the one of a one-hot part goes. */
function oneIndex(space: Space<unknown>, index: number, n: number): number {
  if (Number.isInteger(index) && index >= 0 && index < n) return index;
  throw notOf(space);
}

function notOf(space: Space<unknown>): ValueError {
  return new ValueError(`flatten: expected a value of ${String(space)}`);
}

function readFlat(space: Space<unknown>, flat: ArrayLike<number | bigint>, at: number): unknown {
  if (space instanceof Box) {
    const value = space.zeros();
    for (let i = 0; i < space.size; i++) setEntry(value, i, Number(flat[at + i]));
    return value;
  }
  if (space instanceof MultiBinary) return Int8Array.from({ length: space.size }, (_, i) => Number(flat[at + i]));
  if (space instanceof Discrete) return space.start + findOne(space, flat, at, space.n);
  if (space instanceof MultiDiscrete) {
    const value = space.zeros();
    let next = at;
    for (let i = 0; i < space.size; i++) {
      value[i] = space.start[i]! + findOne(space, flat, next, space.nvec[i]!);
      next += space.nvec[i]!;
    }
    return value;
  }
  if (space instanceof Text) {
    const codes = Array.from({ length: space.maxLength }, (_, i) => Number(flat[at + i]));
    return codes.map((code) => space.characters[code] ?? "").join("");
  }
  const values = readParts(space, flat, at);
  return space instanceof Dict
    ? Object.fromEntries([...space.spaces.keys()].map((key, i) => [key, values[i]]))
    : values;
}

function readParts(space: Space<unknown>, flat: ArrayLike<number | bigint>, at: number): unknown[] {
  if (!(space instanceof Dict || space instanceof Tuple)) {
    throw new CustomSpaceError(`unflatten: ${String(space)} cannot be unflattened`);
  }
  let next = at;
  return space.parts.map((part) => {
    const value = readFlat(part, flat, next);
    next += flatdim(part);
    return value;
  });
}

function findOne(space: Space<unknown>, flat: ArrayLike<number | bigint>, at: number, n: number): number {
  for (let i = 0; i < n; i++) if (Number(flat[at + i]) !== 0) return i;
  throw new ValueError(`unflatten: the one-hot part at ${at} has no one in it, so it is no value of ${String(space)}`);
}

function setEntry(array: ValueArray, i: number, value: number): void {
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) array[i] = BigInt(value);
  else array[i] = value;
}
