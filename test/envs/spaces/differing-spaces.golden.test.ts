import { describe, expect, test } from "vitest";
import { batchDifferingSpaces, isSpaceDtypeShapeEquiv, type Space } from "../../../envs/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { spaceFromPython } from "../../helpers/python-space.ts";
import { thrownClasses } from "../../helpers/thrown-classes.ts";

interface BatchedCase {
  readonly spaces: readonly string[];
  /** class of what Python raised */
  readonly error?: string;
  readonly repr?: string;
  readonly samples?: readonly unknown[];
}
interface DifferingGolden {
  readonly equivalent?: readonly [a: string, b: string, expected: boolean][];
  readonly batched?: readonly BatchedCase[];
}

/** The text of a space without layout, numbers in one spelling. */
const normalise = (text: string): string =>
  text
    .replace(/(-?\d+\.?\d*)/g, (number) => String(Math.fround(Number(number))))
    .replace(/\s+/g, " ")
    .replace(/\[ /g, "[")
    .replace(/ \]/g, "]");

/** Numbers of a value, row by row; texts as they are. */
const flat = (value: unknown): unknown[] =>
  typeof value === "number" || typeof value === "string"
    ? [value]
    : Array.from(value as ArrayLike<unknown>).flatMap(flat);

function checkBatched({ spaces, error, repr, samples }: BatchedCase): void {
  const batch = (): Space<unknown> => batchDifferingSpaces(spaces.map(spaceFromPython));
  if (error !== undefined) return expect(thrownClasses(batch)).toContain(error);
  const space = batch();
  expect(normalise(String(space))).toBe(normalise(repr ?? ""));
  for (const sample of samples ?? []) {
    const drawn = space.sample();
    expect(space.contains(drawn)).toBe(true);
    expect(flat(drawn)).toEqual(flat(sample));
  }
}

describeGolden<DifferingGolden>("envs/differing_spaces.json", ({ equivalent = [], batched = [] }) => {
  describe("spaces whose bounds differ, as in Gymnasium", () => {
    for (const [a, b, expected] of equivalent)
      test(`${a} and ${b} are ${expected ? "" : "not "}of one form`, () => {
        expect(isSpaceDtypeShapeEquiv(spaceFromPython(a), spaceFromPython(b))).toBe(expected);
        expect(isSpaceDtypeShapeEquiv(spaceFromPython(b), spaceFromPython(a))).toBe(expected);
      });
    for (const c of batched)
      test(`batched: ${c.spaces.join(", ") || "none"}: ${c.error ?? "the same space and samples"}`, () =>
        checkBatched(c));
  });
});
