import { ValueError } from "../errors.ts";
import { batchNumericCopies, isNumeric } from "./batch-numeric.ts";
import { Dict } from "./dict.ts";
import type { Space } from "./space.ts";
import { spaceFromData, spaceToData } from "./space-data.ts";
import { Tuple } from "./tuple.ts";

/**
 * The space of `n` values of a space side by side, with a copy of its random stream: a Box gets a leading axis, Discrete becomes
 * MultiDiscrete, MultiDiscrete and MultiBinary become Box, Dict and Tuple are batched part by part, the others become a Tuple
 * of n. Throws ValueError unless n is at least 1, CustomSpaceError on spaces of another package.
 */
export function batchSpace(space: Space<unknown>, n: number): Space<unknown> {
  if (!Number.isInteger(n) || n < 1) throw new ValueError(`batchSpace: got ${String(n)} copies, expected at least 1`);
  if (isNumeric(space)) return batchNumericCopies(space, n);
  const seed = space.random.clone();
  if (space instanceof Dict) {
    return new Dict(
      [...space.spaces].map(([key, part]) => [key, batchSpace(part, n)] as const),
      { seed },
    );
  }
  if (space instanceof Tuple)
    return new Tuple(
      space.spaces.map((part) => batchSpace(part, n)),
      { seed },
    );
  const data = spaceToData(space);
  const copies = new Tuple(
    Array.from({ length: n }, () => spaceFromData(data)),
    { seed },
  );
  copies.seed(seed.clone().integersArray(n, 0, 1e8));
  return copies;
}
