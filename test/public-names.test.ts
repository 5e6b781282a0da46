import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("the public names are those in test/public-names.json (`node scripts/public-names.mjs --write` after a deliberate change)", () => {
  const actual: unknown = JSON.parse(
    execFileSync(process.execPath, ["scripts/public-names.mjs"], { encoding: "utf8" }),
  );
  expect(actual).toEqual(JSON.parse(readFileSync("test/public-names.json", "utf8")));
});
