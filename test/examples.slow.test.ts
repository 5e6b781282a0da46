import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const programs = readdirSync("examples").filter((name) => name.endsWith(".ts"));

describe("every example is at most 60 lines, runs to its end and prints something", () => {
  test.each(programs)("%s", (name) => {
    expect(readFileSync(`examples/${name}`, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(60);
    const output = execFileSync(process.execPath, ["node_modules/tsx/dist/cli.mjs", `examples/${name}`], {
      encoding: "utf8",
    });
    expect(output.trim().length).toBeGreaterThan(0);
  });
});
