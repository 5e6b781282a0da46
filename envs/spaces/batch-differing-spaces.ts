import { ValueError } from "../errors.ts";
import { batchNumeric, isNumeric } from "./batch-numeric.ts";
import type { NumericSpace } from "./batch-numeric.ts";
import { CompositeSpace } from "./composite-space.ts";
import { Dict } from "./dict.ts";
import type { Space } from "./space.ts";
import { spaceFromData, spaceToData } from "./space-data.ts";
import { Tuple } from "./tuple.ts";

/**
 * The space of one value of each of these spaces side by side, with a copy of the first one's random stream: `batchSpace` for spaces of one form
 * whose bounds or counts differ. Spaces without a batched form become a Tuple of copies, with copies of their streams.
 *
 * Throws ValueError without spaces or where shapes, dtypes or keys differ, TypeError where classes differ, CustomSpaceError on spaces of another package.
 */
export function batchDifferingSpaces(spaces: readonly Space<unknown>[]): Space<unknown> {
  const [first] = spaces;
  if (first === undefined) throw new ValueError("batchDifferingSpaces: got no spaces, expected at least 1");
  const other = spaces.find((space) => space.constructor !== first.constructor);
  if (other !== undefined)
    throw new TypeError(
      `batchDifferingSpaces: got ${String(first)} and ${String(other)}, expected spaces of one class`,
    );
  const seed = first.random.clone();
  if (isNumeric(first)) return batchNumeric(alike(spaces as [NumericSpace, ...NumericSpace[]]));
  if (first instanceof Dict) return new Dict(batchedParts(spaces as readonly Dict[]), { seed });
  if (first instanceof Tuple) return new Tuple(batchedMembers(spaces as readonly Tuple[]), { seed });
  return new Tuple(spaces.map(copyOf), { seed });
}

function alike(spaces: [NumericSpace, ...NumericSpace[]]): [NumericSpace, ...NumericSpace[]] {
  const [first] = spaces;
  for (const [i, { shape, dtype }] of spaces.entries()) {
    if (String(shape) !== String(first.shape))
      throw new ValueError(
        `batchDifferingSpaces: space ${i} has shape (${String(shape)}), but space 0 has (${String(first.shape)})`,
      );
    if (dtype !== first.dtype)
      throw new ValueError(`batchDifferingSpaces: space ${i} has dtype ${dtype}, but space 0 has ${first.dtype}`);
  }
  return spaces;
}

function batchedParts(dicts: readonly Dict[]): [key: string, part: Space<unknown>][] {
  const keysOf = ({ spaces }: Dict): string[] => [...spaces.keys()];
  const keys = keysOf(dicts[0]!);
  for (const [i, dict] of dicts.entries())
    if (String(keysOf(dict).toSorted()) !== String(keys.toSorted()))
      throw new ValueError(
        `batchDifferingSpaces: space ${i} has the keys ${keysOf(dict).join(", ")}, but space 0 has ${keys.join(", ")}`,
      );
  return keys.map((key) => [key, batchDifferingSpaces(dicts.map(({ spaces }) => spaces.get(key)!))]);
}

function batchedMembers(tuples: readonly Tuple[]): Space<unknown>[] {
  const { length } = tuples[0]!.spaces;
  for (const [i, { spaces }] of tuples.entries())
    if (spaces.length !== length)
      throw new ValueError(`batchDifferingSpaces: space ${i} has ${spaces.length} parts, but space 0 has ${length}`);
  return Array.from({ length }, (_, k) => batchDifferingSpaces(tuples.map(({ spaces }) => spaces[k]!)));
}

function copyOf(space: Space<unknown>): Space<unknown> {
  const copy = spaceFromData(spaceToData(space));
  copyStreams(space, copy);
  return copy;
}

function copyStreams(from: Space<unknown>, to: Space<unknown>): void {
  to.random = from.random.clone();
  if (from instanceof CompositeSpace && to instanceof CompositeSpace)
    for (const [i, part] of from.parts.entries()) copyStreams(part, to.parts[i]!);
}
