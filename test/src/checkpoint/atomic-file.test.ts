import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileAtomic, writeFolderAtomic } from "../../../src/checkpoint/atomic-file.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-atomic-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a file is replaced and nothing else is left", async () => {
  await writeFileAtomic(join(folder, "a"), "one");
  await writeFileAtomic(join(folder, "a"), "two");
  expect(await readFile(join(folder, "a"), "utf8")).toBe("two");
  expect(await readdir(folder)).toEqual(["a"]);
});

test("where the target is a folder the error comes through and nothing is left behind", async () => {
  await mkdir(join(folder, "a", "b"), { recursive: true });
  await expect(writeFileAtomic(join(folder, "a"), "x")).rejects.toMatchObject({ code: "EISDIR" });
  expect(await readdir(folder)).toEqual(["a"]);
});

test("a folder that cannot be written whole leaves the old one untouched", async () => {
  await writeFolderAtomic(join(folder, "c"), new Map([["x", "old"]]));
  const files = new Map([
    ["x", "new"],
    ["no/such/folder", "y"],
  ]);
  await expect(writeFolderAtomic(join(folder, "c"), files)).rejects.toMatchObject({ code: "ENOENT" });
  expect(await readFile(join(folder, "c", "x"), "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["c"]);
});

test("a plain file in the place of a folder gives way", async () => {
  await writeFile(join(folder, "c"), "in the way");
  await writeFolderAtomic(join(folder, "c"), new Map([["x", "new"]]));
  expect(await readFile(join(folder, "c", "x"), "utf8")).toBe("new");
});
