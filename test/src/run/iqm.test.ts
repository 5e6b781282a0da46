import { expect, test } from "vitest";
import { iqm } from "../../../src/run/iqm.ts";

test.each([
  [[7], 7],
  [[1, 2, 3, 100], 2.5], // the middle two
  [[100, 2, 1, 3], 2.5], // in any order
  [[0, 1, 2, 3, 4, 5, 6, 700], 3.5],
  [[0, 3, 90], 17], // middle half of three: a quarter of the first, all of the second, a quarter of the third, over 1.5
])("the interquartile mean of %j is %d", (values, expected) => expect(iqm(values)).toBeCloseTo(expected, 12));

test("nothing has no mean", () => expect(() => iqm([])).toThrow("internal"));
