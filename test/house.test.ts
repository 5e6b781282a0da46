import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

test("both packages ask for the same Node and carry the same version", () => {
  const read = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, "utf8"));
  const [root, envs] = [read("package.json"), read("envs/package.json")];
  expect(envs["engines"]).toEqual(root["engines"]);
  expect(envs["version"]).toBe(root["version"]);
});
