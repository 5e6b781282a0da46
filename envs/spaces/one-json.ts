import { Dict } from "./dict.ts";
import type { Space } from "./space.ts";
import { Tuple } from "./tuple.ts";

/** Dict and Tuple write their values in columns; of all others a list of values is a list in JSON too. */
const isColumnar = (space: Space<unknown>): boolean => space instanceof Dict || space instanceof Tuple;

/** One value as JSON data. */
export const oneToJson = (space: Space<unknown>, value: unknown): unknown => {
  const json = space.toJson([value]);
  return isColumnar(space) ? json : (json as readonly unknown[])[0];
};

/** The value that `oneToJson` wrote. Throws what the space's `fromJson` throws. */
export const oneFromJson = (space: Space<unknown>, data: unknown): unknown =>
  space.fromJson(isColumnar(space) ? data : [data])[0];
