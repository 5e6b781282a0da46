import { dtypeOf } from "../spaces/dtype.ts";
import type { NumberArray } from "../spaces/dtype.ts";

/** Infos of N envs under one name each: arrays with an entry per env, and under `_name` a mask of the envs that gave it. */
export type BatchedInfo = Record<string, unknown>;

/**
 * Adds the info of env `i` to a batched info, in place.
 *
 * Numbers become Float64Array [N], booleans Uint8Array [N], typed arrays one typed array [N, size], all zero where no env gave one;
 * plain objects are batched key by key; everything else, and always `final_obs`, becomes a list with null elsewhere.
 */
export function addInfo(batch: BatchedInfo, info: Readonly<Record<string, unknown>>, i: number, numEnvs: number): void {
  for (const [key, value] of Object.entries(info)) {
    if (key === "final_obs") putInList(batch, key, value, i, numEnvs);
    else if (typeof value === "number" || typeof value === "boolean") putNumber(batch, key, value, i, numEnvs);
    else if (dtypeOf(value) !== null) putArray(batch, key, value as NumberArray, i, numEnvs);
    else if (isPlainObject(value)) addInfo(nested(batch, key), value, i, numEnvs);
    else putInList(batch, key, value, i, numEnvs);
    const mask = (batch[`_${key}`] ??= new Uint8Array(numEnvs)) as Uint8Array;
    mask[i] = 1;
  }
}

/** The info of each env alone, from a batched one. */
export function splitInfo(batch: Readonly<BatchedInfo>, numEnvs: number): Record<string, unknown>[] {
  return Array.from({ length: numEnvs }, (_, i) => entryOf(batch, i, numEnvs));
}

function entryOf(batch: Readonly<BatchedInfo>, i: number, numEnvs: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(batch)) {
    const mask = batch[`_${key}`] as Uint8Array | undefined;
    if (mask === undefined || mask[i] !== 1) continue; // masks have none of their own
    if (isPlainObject(value)) entries.push([key, entryOf(value, i, numEnvs)]);
    else if (ArrayBuffer.isView(value)) {
      const array = value as NumberArray;
      const size = array.length / numEnvs;
      entries.push([key, size === 1 ? array[i] : array.slice(i * size, (i + 1) * size)]);
    } else entries.push([key, (value as readonly unknown[])[i]]);
  }
  return Object.fromEntries(entries);
}

function putNumber(batch: BatchedInfo, key: string, value: number | boolean, i: number, numEnvs: number): void {
  const create = (): NumberArray => (typeof value === "boolean" ? new Uint8Array(numEnvs) : new Float64Array(numEnvs));
  const array = (batch[key] ??= create()) as NumberArray;
  if (ArrayBuffer.isView(array)) array[i] = Number(value);
  else putInList(batch, key, value, i, numEnvs);
}

function putArray(batch: BatchedInfo, key: string, value: NumberArray, i: number, numEnvs: number): void {
  const Type = value.constructor as new (size: number) => NumberArray;
  const array = (batch[key] ??= new Type(numEnvs * value.length)) as NumberArray;
  if (ArrayBuffer.isView(array) && array.length === numEnvs * value.length) array.set(value, i * value.length);
  else putInList(batch, key, value, i, numEnvs);
}

/** Values that do not fit what other envs gave under this name turn the whole entry into a list. */
function putInList(batch: BatchedInfo, key: string, value: unknown, i: number, numEnvs: number): void {
  let list = batch[key];
  if (!Array.isArray(list)) {
    const before = list === undefined ? [] : splitInfo({ [key]: list, [`_${key}`]: batch[`_${key}`] }, numEnvs);
    list = Array.from({ length: numEnvs }, (_, k) => before[k]?.[key] ?? null);
    batch[key] = list;
  }
  (list as unknown[])[i] = value;
}

function nested(batch: BatchedInfo, key: string): BatchedInfo {
  const inner = batch[key];
  if (isPlainObject(inner)) return inner;
  const fresh: BatchedInfo = {};
  batch[key] = fresh;
  return fresh;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
