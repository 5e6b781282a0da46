import type { Env } from "../env.ts";
import { Box } from "../spaces/box.ts";
import type { DType, ValueArray } from "../spaces/dtype.ts";

/** Continuous actions. */
export type FloatArray = Float32Array | Float64Array;

/** The Box of actions. Throws TypeError for another space. */
export function boxActions(env: Env<never, never>, name: string): Box {
  const space: unknown = env.actionSpace;
  if (space instanceof Box) return space;
  throw new TypeError(`${name}: got action space ${String(space)}, expected a Box`);
}

/** The Box of observations. Throws TypeError for another space. */
export function boxObservations(env: Env, name: string): Box {
  if (env.observationSpace instanceof Box) return env.observationSpace;
  throw new TypeError(`${name}: got observation space ${String(env.observationSpace)}, expected a Box`);
}

/** A Box with the bounds of another one in a new shape of as many elements or a new type; unbounded elements stay so. */
export function withBounds(box: Box, shape: readonly number[], dtype: DType): Box<ValueArray> {
  const low = box.low.map((value, i) => (box.boundedBelow[i] === 1 ? value : -Infinity));
  const high = box.high.map((value, i) => (box.boundedAbove[i] === 1 ? value : Infinity));
  return new Box(low, high, { shape, dtype });
}
