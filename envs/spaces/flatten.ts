import { CustomSpaceError, ValueError } from "../errors.ts";
import { concatenate, countRows, iterate } from "./batch-values.ts";
import { Box } from "./box.ts";
import { Dict } from "./dict.ts";
import type { DictValue } from "./dict.ts";
import { Discrete } from "./discrete.ts";
import { allocate, dtypeOf } from "./dtype.ts";
import type { DType, ValueArray } from "./dtype.ts";
import { Graph } from "./graph.ts";
import type { GraphValue } from "./graph.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import { flattenNested } from "./nested.ts";
import { OneOf } from "./one-of.ts";
import { promote } from "./promote.ts";
import { Sequence } from "./sequence.ts";
import type { Space } from "./space.ts";
import { Text } from "./text.ts";
import { Tuple } from "./tuple.ts";

/**
 * Number of elements of a flattened value. Throws ValueError for spaces that cannot be flattened to a fixed size, CustomSpaceError on spaces of
 * another package.
 */
export function flatdim(space: Space<unknown>): number {
  return flatBox(space).size;
}

/** A flattened value: one array, or where there is no fixed size its parts flattened. */
export type FlatValue = ValueArray | GraphValue | readonly FlatValue[] | { readonly [key: string]: FlatValue };

/**
 * The Box of flattened values. A Sequence or Graph, and a Dict or Tuple that holds one, keeps its form and has its parts flattened. Throws
 * CustomSpaceError on spaces of another package.
 */
export function flattenSpace(space: Space<unknown>): Space<unknown> {
  if (space instanceof Sequence) return new Sequence(flattenSpace(space.feature), { stack: space.stack });
  if (space instanceof Graph) return new Graph(flattenSpace(space.node), space.edge && flattenSpace(space.edge));
  if (space.isFlattenable) return flatBox(space);
  if (space instanceof Dict)
    return new Dict([...space.spaces].map(([key, part]) => [key, flattenSpace(part)] as const));
  if (space instanceof Tuple) return new Tuple(space.spaces.map(flattenSpace));
  return flatBox(space); // which throws
}

/**
 * A value as one flat array: boxes and bits as they are, Discrete and MultiDiscrete one-hot, Dict and Tuple one after the other,
 * Text as character numbers padded with the number of characters, OneOf as its number and the flat value, padded with its first entry.
 * Sequences and graphs, and what holds them, keep their form (see `flattenSpace`). Throws ValueError on a value that is none of the space.
 */
export function flatten(space: Space<unknown>, value: unknown): FlatValue {
  return space.isFlattenable ? flattenArray(space, value) : flattenParts(space, value);
}

/** The same for spaces whose values have a fixed size. */
export function flattenArray(space: Space<unknown>, value: unknown): ValueArray {
  if (space instanceof Box || space instanceof MultiBinary) return ravel(space, value);
  const flat = allocate(flatBox(space).dtype, flatdim(space));
  writeFlat(space, value, flat, 0);
  return flat;
}

/** The value that `flatten` made a flat one of. Throws ValueError on an array of another length or a one-hot part without a one. */
export function unflatten(space: Space<unknown>, flat: FlatValue | readonly number[]): unknown {
  return space.isFlattenable ? unflattenArray(space, flat as ValueArray) : unflattenParts(space, flat as FlatValue);
}

function flattenParts(space: Space<unknown>, value: unknown): FlatValue {
  if (!space.contains(value)) throw notOf(space);
  if (space instanceof Sequence) {
    const items = space.items(value)!.map((item) => flatten(space.feature, item)); // contained, so it has items
    return space.stack ? (concatenate(flattenSpace(space.feature), items) as FlatValue) : items;
  }
  if (space instanceof Graph) return mapGraph(space, value as GraphValue, flattenRows);
  if (space instanceof Tuple) return space.spaces.map((part, i) => flatten(part, (value as readonly unknown[])[i]));
  const parts = [...(space as Dict).spaces]; // no other space has parts without a fixed size
  return Object.fromEntries(parts.map(([key, part]) => [key, flatten(part, (value as DictValue)[key])]));
}

function unflattenParts(space: Space<unknown>, flat: FlatValue): unknown {
  if (!flattenSpace(space).contains(flat)) throw new ValueError(`unflatten: expected a flat value of ${String(space)}`);
  if (space instanceof Sequence) {
    const flatItems = (flattenSpace(space) as Sequence).items(flat)!; // contained, as above
    const items = flatItems.map((item) => unflatten(space.feature, item as FlatValue));
    return space.stack ? concatenate(space.feature, items) : items;
  }
  if (space instanceof Graph) return mapGraph(space, flat as GraphValue, unflattenRows);
  if (space instanceof Tuple) return space.spaces.map((part, i) => unflatten(part, (flat as readonly FlatValue[])[i]!));
  const values = flat as Readonly<Record<string, FlatValue>>;
  return Object.fromEntries([...(space as Dict).spaces].map(([key, part]) => [key, unflatten(part, values[key]!)]));
}

type MapRows = (space: Space<unknown>, rows: ValueArray) => ValueArray;

const mapGraph = (space: Graph, { nodes, edges, edgeLinks }: GraphValue, map: MapRows): GraphValue => ({
  nodes: map(space.node, nodes),
  edges: space.edge === null || edges === null ? null : map(space.edge, edges),
  edgeLinks,
});

const flattenRows: MapRows = (space, rows) => {
  const each = iterate(space, rows, countRows(space, rows)!); // nodes and edges are arrays of whole rows
  return concatenate(
    flattenSpace(space),
    each.map((row) => flatten(space, row)),
  ) as ValueArray;
};

const unflattenRows: MapRows = (space, rows) => {
  const flatSpace = flattenSpace(space);
  const each = iterate(flatSpace, rows, countRows(flatSpace, rows)!);
  return concatenate(
    space,
    each.map((row) => unflatten(space, row as FlatValue)),
  ) as ValueArray;
};

function unflattenArray(space: Space<unknown>, flat: ArrayLike<number | bigint>): unknown {
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
  if (space instanceof OneOf) return widestBox(space.spaces.map(flatBox));
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

/** Room for the number of a box and a value of any of them. */
function widestBox(boxes: readonly Box[]): Box {
  const size = 1 + Math.max(...boxes.map((box) => box.size));
  const low = new Float64Array(size).fill(Math.min(...boxes.map(({ low: bound }) => Math.min(...bound))));
  const high = new Float64Array(size).fill(Math.max(...boxes.map(({ high: bound }) => Math.max(...bound))));
  low[0] = 0;
  high[0] = boxes.length - 1;
  return new Box(low, high, { shape: [size], dtype: boxes.map((box) => box.dtype).reduce(promote) });
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
  if (space instanceof OneOf) {
    if (!space.contains(value)) throw notOf(space);
    const [index, inner] = value;
    setEntry(flat, at, index);
    const padding = writeFlat(space.spaces[index]!, inner, flat, at + 1); // contained, so the space is there
    const end = at + flatdim(space);
    for (let i = padding; i < end; i++) setEntry(flat, i, Number(flat[at + 1]));
    return end;
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
  if (space instanceof OneOf) {
    const index = Number(flat[at]);
    const inner = space.spaces[index];
    if (inner === undefined)
      throw new ValueError(`unflatten: ${index} at ${at} is the number of no space of ${String(space)}`);
    return [index, readFlat(inner, flat, at + 1)];
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
