import { mkdir, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Box, Discrete } from "gymnasium-js";
import { expect, test } from "vitest";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { DatasetWriter, type EpisodeNote, datasetId } from "../../../src/recording/dataset-writer.ts";
import { parseSpace, spaceJson } from "../../../src/recording/space-json.ts";
import { inFolder } from "../../helpers/cli.ts";
import { someEpisode } from "../../helpers/some-episode.ts";

const subject = {
  env: { id: "Some-v0", args: { wind: 2 } },
  observationSpace: new Box(-Infinity, Infinity, { shape: [4] }),
  actionSpace: new Discrete(3),
};
const note: EpisodeNote = {
  seed: 5,
  return: 12,
  terminated: true,
  truncated: false,
  actor: { kind: "expert", name: "somebody" },
};

test("episodes come back with what was noted, and totals are right", () =>
  inFolder(async (folder) => {
    const path = join(folder, "demo");
    const writer = await DatasetWriter.open(path, subject);
    for (const T of [3, 5]) await writer.add(someEpisode(T), note);
    const reader = await DatasetReader.open(path);
    expect(reader.metadata).toMatchObject({
      total_episodes: 2,
      total_steps: 8,
      data_format: "arrow",
      dataset_id: "demo-v0",
    });
    expect(reader.env).toEqual(subject.env);
    expect(await reader.read(1)).toEqual(someEpisode(5));
    expect(await reader.episode(0)).toMatchObject({
      id: 0,
      total_steps: 3,
      seed: 5,
      elegans: { return: 12, actor: note.actor },
    });
  }));

test("a dataset can be appended to; leftovers of a killed writer are removed and a stale index is put right", () =>
  inFolder(async (folder) => {
    const writer = await DatasetWriter.open(folder, subject);
    await writer.add(someEpisode(3), note);
    const index = await readFile(join(folder, "data", "metadata.json"));
    await writer.add(someEpisode(4), note);
    await writeFile(join(folder, "data", "metadata.json"), index); // killed before the index was written
    await mkdir(join(folder, "data", ".tmp-2-99-0"));
    const again = await DatasetWriter.open(folder, subject);
    expect(await again.add(someEpisode(6), note)).toBe(2);
    expect((await DatasetReader.open(folder)).metadata).toMatchObject({ total_episodes: 3, total_steps: 13 });
    expect(await readdir(join(folder, "data"))).toEqual(expect.not.arrayContaining([".tmp-2-99-0"]));
  }));

test.each([
  ["another world", { ...subject, env: { id: "Other-v0", args: {} } }, "is of another environment"],
  ["other arguments", { ...subject, env: { id: "Some-v0", args: { wind: 3 } } }, "is of another environment"],
  ["another action space", { ...subject, actionSpace: new Discrete(2) }, "is of another action space"],
])("episodes of %s are not mixed in", (_, other, message) =>
  inFolder(async (folder) => {
    await DatasetWriter.open(folder, subject);
    await expect(DatasetWriter.open(folder, other)).rejects.toThrow(message);
  }),
);

test("a folder with something else in it is refused", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "thesis.txt"), "");
    await expect(DatasetWriter.open(folder, subject)).rejects.toMatchObject({ code: "not-a-dataset" });
    await expect(DatasetReader.open(folder)).rejects.toMatchObject({ code: "no-dataset" });
  }));

test.each([
  ["cut", (path: string) => truncate(path, 100), "has 100 bytes, expected"],
  ["lost", (path: string) => rm(path), "is missing"],
  [
    "changed in one byte",
    async (path: string) => {
      const bytes = await readFile(path);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(path, bytes);
    },
    "was changed: its SHA-256 differs",
  ],
])("a file that was %s is refused by file and episode", (_, damage, message) =>
  inFolder(async (folder) => {
    const writer = await DatasetWriter.open(folder, subject);
    await writer.add(someEpisode(3), note);
    const reader = await DatasetReader.open(folder);
    await damage(reader.fileOf(0));
    const error = await reader.read(0).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "FormatError", code: "episode-file" });
    expect(String(error)).toContain(`episode 0 (${reader.fileOf(0)}) ${message}`);
  }),
);

test.each([
  new Discrete(5, { start: 2 }),
  new Box(-Infinity, Infinity, { shape: [2, 3] }),
  new Box(Float32Array.of(-1, -Infinity), Float32Array.of(0.1, 2)),
  new Box(0, 255, { shape: [2, 2, 3], dtype: "uint8" }),
  new Box(-1, 1, { shape: [] }),
])("%s survives being written as Minari writes it", (space) => {
  expect(spaceJson(parseSpace(spaceJson(space), "space"))).toBe(spaceJson(space));
});

test("Python's way to write a space, by hand", () => {
  const box = new Box(Float32Array.of(-1, -Infinity), Float32Array.of(0.5, Infinity));
  expect(spaceJson(box)).toBe(
    '{"type": "Box", "dtype": "float32", "shape": [2], "low": [-1, -Infinity], "high": [0.5, Infinity]}',
  );
});

test.each([
  ["runs/CartPole-v1-1/episodes", "episodes-v0"],
  ["my data!", "my-data--v0"],
  ["demo-v3", "demo-v3"],
])("folder %s has id %s", (path, id) => expect(datasetId(path)).toBe(id));
