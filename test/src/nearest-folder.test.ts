import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { whyNothingIn } from "../../src/nearest-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-nearest-"));
  await mkdir(join(folder, "MinAtar-Breakout-v1"));
  await mkdir(join(folder, "CartPole-v1-1"));
  await writeFile(join(folder, "Breakout-v1.txt"), "a file is no folder");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("says which file a folder lacks, or which other folder may be meant", async () => {
  expect(await whyNothingIn(join(folder, "CartPole-v1-1"), "config.json")).toBe("config.json is missing");
  expect(await whyNothingIn(join(folder, "Breakout-v1"), "config.json")).toBe(
    `no such folder; did you mean ${join(folder, "MinAtar-Breakout-v1")}?`,
  );
  expect(await whyNothingIn(join(folder, "cartpole-v1-2"), "config.json")).toContain("CartPole-v1-1?");
});

test("suggests nothing where nothing is alike, or the folder around it is not there either", async () => {
  expect(await whyNothingIn(join(folder, "xyz"), "config.json")).toBe("no such folder");
  expect(await whyNothingIn(join(folder, "none", "CartPole-v1-1"), "config.json")).toBe("no such folder");
});
