import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Checkpoint } from "../../../src/checkpoint/checkpoint.ts";
import { CheckpointStore } from "../../../src/checkpoint/checkpoint-store.ts";
import { encodeSafetensors } from "../../../src/policy/safetensors.ts";

let folder: string;
let store: CheckpointStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-checkpoints-"));
  store = new CheckpointStore(folder);
  await store.prepare();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (step: number): Checkpoint => ({
  step,
  policy: encodeSafetensors([{ name: "w", shape: [2], data: Float32Array.of(step, 1) }]),
  optimizer: [{ name: "m", shape: [1], data: Float32Array.of(0.5) }],
  trainer: Uint8Array.of(1, 2, 3),
  progress: { best: 12 },
});
const save = (step: number, isBest = false): Promise<string> => store.save(at(step), { isBest, keep: 2 });

test("a checkpoint comes back bit for bit", async () => {
  await save(640);
  const back = await store.load("latest");
  expect({ ...back, policy: [...back.policy], trainer: [...back.trainer] }).toEqual({
    ...at(640),
    policy: [...at(640).policy],
    trainer: [1, 2, 3],
  });
});

test("rotation keeps the newest two and the best; pointers follow", async () => {
  await save(100, true);
  for (const step of [200, 300, 1000, 2000]) await save(step);
  expect(await store.steps()).toEqual([100, 1000, 2000]);
  expect([await store.resolve("latest"), await store.resolve("best"), await store.resolve(1000)]).toEqual([
    2000, 100, 1000,
  ]);
});

test("saving a step again replaces it", async () => {
  await save(100);
  await store.save({ ...at(100), trainer: Uint8Array.of(9) }, { isBest: false, keep: 2 });
  expect([...(await store.load(100)).trainer]).toEqual([9]);
  expect((await readdir(folder)).toSorted((a, b) => a.localeCompare(b))).toEqual(["100", "latest"]);
});

test("the same content gives the same bytes", async () => {
  await save(100);
  const manifest = await readFile(join(folder, "100", "manifest.json"));
  await save(100);
  expect(await readFile(join(folder, "100", "manifest.json"))).toEqual(manifest);
});

test.each([
  ["a cut file", (path: string) => truncate(join(path, "trainer.bin"), 2), "trainer.bin has 2 bytes, expected 3"],
  [
    "a changed byte",
    (path: string) => writeFile(join(path, "trainer.bin"), Uint8Array.of(1, 2, 4)),
    "trainer.bin has SHA-256",
  ],
  ["a missing file", (path: string) => rm(join(path, "optimizer.safetensors")), "optimizer.safetensors is missing"],
  ["a missing manifest", (path: string) => rm(join(path, "manifest.json")), "manifest.json is missing"],
  [
    "a manifest that is no JSON",
    (path: string) => writeFile(join(path, "manifest.json"), "{"),
    "manifest.json is not JSON",
  ],
  [
    "a manifest of another kind",
    (path: string) => writeFile(join(path, "manifest.json"), "{}"),
    "manifest.json: format",
  ],
])("%s is refused by name, and the previous checkpoint is offered", async (_, damage, why) => {
  await save(100);
  await save(200);
  await damage(join(folder, "200"));
  const error = await store.load("latest").catch((e: unknown) => e);
  expect(error).toMatchObject({ name: "FormatError", code: "damaged-checkpoint" });
  expect(String(error)).toContain(join(folder, "200"));
  expect(String(error)).toContain(why);
  expect(String(error)).toContain("--checkpoint 100 is good");
});

test("a newer version is refused as such", async () => {
  const path = await save(100);
  const manifest = JSON.parse(await readFile(join(path, "manifest.json"), "utf8"));
  await writeFile(join(path, "manifest.json"), JSON.stringify({ ...manifest, version: 2 }));
  await expect(store.load("latest")).rejects.toMatchObject({ code: "checkpoint-version" });
});

test("lost and stale pointers fall back to the newest folder; leftovers of killed writers are removed", async () => {
  await save(100);
  await save(200);
  await writeFile(join(folder, "latest"), "12");
  await writeFile(join(folder, "best"), "999\n");
  await writeFile(join(folder, ".tmp-300-1-1"), "");
  expect([await store.resolve("latest"), await store.resolve("best")]).toEqual([200, 200]);
  await store.prepare();
  expect(await readdir(folder)).not.toContain(".tmp-300-1-1");
});

test("an unknown step names the steps there are; an empty folder says so", async () => {
  await expect(store.load("latest")).rejects.toMatchObject({ code: "no-checkpoint" });
  await save(100);
  await expect(store.load(150)).rejects.toThrow("no checkpoint 150");
});
