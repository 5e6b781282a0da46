import { AssertionError, AttributeError } from "../errors.ts";
import { Box } from "../spaces/box.ts";
import { isSpace } from "../spaces/composite-space.ts";
import { Dict } from "../spaces/dict.ts";
import { canCast, dtypeOf } from "../spaces/dtype.ts";
import type { Space } from "../spaces/space.ts";
import { Tuple } from "../spaces/tuple.ts";
import { warn } from "../warn.ts";

/** The space `name` of an env. Throws AttributeError when it is missing, TypeError when it is none, AssertionError when it holds nothing. */
export function checkSpace(env: object, name: "observationSpace" | "actionSpace"): Space<unknown> {
  const space = (env as Readonly<Record<string, unknown>>)[name];
  if (space === undefined || space === null) throw new AttributeError(`${String(env)}.${name} is missing`);
  if (!isSpace(space)) throw new TypeError(`${String(env)}.${name}: got ${String(space)}, expected a space`);
  checkContents(space, name);
  return space;
}

function checkContents(space: Space<unknown>, where: string): void {
  if (space instanceof Box) {
    const equal = [...space.low.keys()].filter((i) => space.low[i] === space.high[i]);
    if (equal.length > 0) warn(`${where}: low and high are equal at ${indices(equal)}`);
  }
  if (!(space instanceof Dict || space instanceof Tuple)) return;
  if (space.parts.length === 0)
    throw new AssertionError(`${where}: an empty ${space instanceof Dict ? "Dict" : "Tuple"} holds no observation`);
  const names = space instanceof Dict ? [...space.spaces.keys()] : [...space.spaces.keys()].map(String);
  for (const [i, part] of space.parts.entries()) checkContents(part, `${where}.${names[i]}`);
}

/** Warns about bounds that learners stumble over: infinite observations, actions that are not symmetric and normalised. */
export function warnAboutBounds(observationSpace: Space<unknown>, actionSpace: Space<unknown>): void {
  if (observationSpace instanceof Box && !observationSpace.isBounded()) {
    const open = [...observationSpace.low.keys()].filter(
      (i) => !observationSpace.boundedBelow[i] || !observationSpace.boundedAbove[i],
    );
    warn(`observationSpace: infinite bounds at ${indices(open)}; finite ones help learners to scale`);
  }
  if (actionSpace instanceof Box) {
    const odd = [...actionSpace.low.keys()].filter((i) => {
      const [low, high] = [actionSpace.low[i]!, actionSpace.high[i]!];
      return !(high === 1 && (low === -1 || low === 0)) && !(Number.isFinite(high) && low === -high);
    });
    if (odd.length > 0)
      warn(`actionSpace: bounds at ${indices(odd)} are not symmetric; [-1, 1] or [0, 1] suits learners best`);
  }
}

/** What is wrong with a value that should be one of a space, naming every wrong index; null when nothing is. */
export function describeOutside(space: Space<unknown>, value: unknown): string | null {
  const isInside: boolean = space.contains(value);
  if (isInside) return null;
  if (space instanceof Box) return describeOutsideBox(space, value);
  if (space instanceof Dict && typeof value === "object" && value !== null) {
    const record = value as Readonly<Record<string, unknown>>;
    const missing = [...space.spaces.keys()].filter((key) => !(key in record)).map((key) => `${key} is missing`);
    const extra = Object.keys(record)
      .filter((key) => !space.spaces.has(key))
      .map((key) => `${key} is not in the space`);
    const wrong = [...space.spaces].flatMap(([key, part]) =>
      key in record ? prefix(key, describeOutside(part, record[key])) : [],
    );
    return [...missing, ...extra, ...wrong].join("; ");
  }
  if (space instanceof Tuple && Array.isArray(value) && value.length === space.spaces.length) {
    return space.spaces.flatMap((part, i) => prefix(`[${i}]`, describeOutside(part, value[i]))).join("; ");
  }
  return `got ${describe(value)}, expected one of ${String(space)}`;
}

function describeOutsideBox(space: Box, value: unknown): string {
  const dtype = dtypeOf(value);
  if (dtype === null && !Array.isArray(value))
    return `got ${describe(value)}, expected a typed array of ${space.dtype}`;
  const array = value as ArrayLike<number>;
  if (dtype !== null && !canCast(dtype, space.dtype)) return `got element type ${dtype}, expected ${space.dtype}`;
  if (array.length !== space.size)
    return `got ${array.length} elements, expected ${space.size} (shape [${space.shape.join(", ")}])`;
  const wrong = Array.from({ length: space.size }, (_, i) => i).filter(
    (i) => !(array[i]! >= space.low[i]! && array[i]! <= space.high[i]!),
  );
  return (
    wrong
      .slice(0, 10)
      .map((i) => `[${i}] = ${array[i]} is outside [${space.low[i]}, ${space.high[i]}]`)
      .join("; ") + more(wrong.length)
  );
}

function prefix(where: string, problem: string | null): string[] {
  return problem === null ? [] : [`${where}: ${problem}`];
}

function more(count: number): string {
  return count > 10 ? `; and ${count - 10} more` : "";
}

function indices(list: readonly number[]): string {
  return `${list.length === 1 ? "index" : "indices"} ${list.slice(0, 20).join(", ")}${list.length > 20 ? `, and ${list.length - 20} more` : ""}`;
}

/** A value in a message. */
export function describe(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `a ${value.constructor.name} of ${(value as Uint8Array).length}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === null ? "null" : typeof value === "object" ? "an object" : `${String(value)} (${typeof value})`;
}
