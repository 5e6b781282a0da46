import { createEmptyArray } from "../spaces/batch-values.ts";
import type { ValueArray } from "../spaces/dtype.ts";
import type { Space } from "../spaces/space.ts";

/** Results of a step in memory that all threads share; each thread writes the rows of its envs. */
export interface SharedStep {
  /** a value of the batched observation space; null where observations have no fixed size (Text) */
  readonly obs: unknown;
  /** [N] */
  readonly rewards: Float64Array;
  /** [N] 0 or 1 */
  readonly terminated: Uint8Array;
  /** [N] 0 or 1 */
  readonly truncated: Uint8Array;
}

/** Shared memory for steps of `numEnvs` envs that observe `space`. */
export function createSharedStep(space: Space<unknown>, numEnvs: number): SharedStep {
  return {
    obs: mapArrays(createEmptyArray(space, numEnvs), share),
    rewards: new Float64Array(new SharedArrayBuffer(8 * numEnvs)),
    terminated: new Uint8Array(new SharedArrayBuffer(numEnvs)),
    truncated: new Uint8Array(new SharedArrayBuffer(numEnvs)),
  };
}

/** A batched observation copied out of shared memory. */
export function copyOut(obs: unknown): unknown {
  return mapArrays(obs, (array) => array.slice());
}

function share(array: ValueArray): ValueArray {
  const Type = array.constructor as new (memory: SharedArrayBuffer) => ValueArray;
  return new Type(new SharedArrayBuffer(array.byteLength));
}

/** A nested value with every array replaced; null when there is anything else in it. */
function mapArrays(value: unknown, map: (array: ValueArray) => ValueArray): unknown {
  if (ArrayBuffer.isView(value)) return map(value as ValueArray);
  if (typeof value !== "object" || value === null) return null;
  const entries = Object.entries(value).map(([key, part]) => [key, mapArrays(part, map)] as const);
  if (entries.some(([, part]) => part === null)) return null;
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}
