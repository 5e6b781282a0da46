import { expect, test } from "vitest";
import { firstLoadBytes } from "../helpers/first-load.ts";

test("what the page loads before it shows anything is at most 250 KB gzipped", () => {
  const bytes = firstLoadBytes();
  expect(bytes).toBeLessThanOrEqual(250_000);
  expect(bytes).toBeGreaterThan(100_000); // Pixi and the charts are counted
});
