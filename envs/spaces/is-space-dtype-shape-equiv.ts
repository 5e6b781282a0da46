import { isNumeric } from "./batch-numeric.ts";
import { Dict } from "./dict.ts";
import { Graph } from "./graph.ts";
import { OneOf } from "./one-of.ts";
import { Sequence } from "./sequence.ts";
import type { Space } from "./space.ts";
import { Text } from "./text.ts";
import { Tuple } from "./tuple.ts";

/**
 * Whether values of two spaces have the same form, so that they could lie in one array: class, shape and dtype, part by part, whatever their bounds
 * and counts. Texts must have the same characters and longest length. `gymnasium.spaces.utils.is_space_dtype_shape_equiv`.
 */
export function isSpaceDtypeShapeEquiv(a: Space<unknown>, b: Space<unknown>): boolean {
  if (a.constructor !== b.constructor) return false;
  if (isNumeric(a)) return a.dtype === b.dtype && String(a.shape) === String(b.shape);
  if (a instanceof Text && b instanceof Text)
    return a.maxLength === b.maxLength && String(a.characters) === String(b.characters);
  if (a instanceof Dict && b instanceof Dict)
    return a.spaces.size === b.spaces.size && [...a.spaces].every(([key, part]) => isAlike(part, b.spaces.get(key)));
  if ((a instanceof Tuple && b instanceof Tuple) || (a instanceof OneOf && b instanceof OneOf))
    return a.spaces.length === b.spaces.length && a.spaces.every((part, i) => isAlike(part, b.spaces[i]));
  if (a instanceof Sequence && b instanceof Sequence) return a.stack === b.stack && isAlike(a.feature, b.feature);
  if (a instanceof Graph && b instanceof Graph) return isAlike(a.node, b.node) && isAlike(a.edge, b.edge);
  return a.equals(b);
}

function isAlike(a: Space<unknown> | null, b: Space<unknown> | null | undefined): boolean {
  return a === null || b === null || b === undefined ? a === b : isSpaceDtypeShapeEquiv(a, b);
}
