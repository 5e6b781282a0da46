import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";

/** Where golden data is read from: `GOLDEN_DIR` (same layout, other cases) or the checked-in folder. */
export const goldenDir = process.env["GOLDEN_DIR"] ?? join(import.meta.dirname, "../golden");

/** A golden JSON file; null where GOLDEN_DIR was given and does not hold it. A file missing from the checked-in folder throws. */
export function readGolden<T>(path: string): T | null {
  const file = join(goldenDir, path);
  if (process.env["GOLDEN_DIR"] !== undefined && !existsSync(file)) return null;
  // The shape is the golden file's own; the tests check every value they read.
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

/** Makes the tests of one golden file; where GOLDEN_DIR does not hold it, says so as a skipped test. */
export function describeGolden<T>(path: string, makeTests: (data: T) => void): void {
  const data = readGolden<T>(path);
  if (data === null) test.skip(`${path}: not in GOLDEN_DIR`, () => {});
  else makeTests(data);
}
