import { readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { elegans, inFolder } from "../../helpers/cli.ts";

// numpy 2.4: np.savez_compressed(observations=float32 [3, 4], actions=[0, 1, 1], rewards=ones(3), terminations=[False, True, False])
const npz =
  "UEsDBC0AAAAIAAAAIQCy+RSK//////////8QABQAb2JzZXJ2YXRpb25zLm5weQEAEACwAAAAAAAAAF4AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNmoq6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjoKJpo6CrUKZAMuruvKNgxAwHV9MZw+e+aMLZTeCxSyZ0ACAFBLAwQtAAAACAAAACEAFEedZP//////////CwAUAGFjdGlvbnMubnB5AQAQAJgAAAAAAAAASQAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuBihgRKMBUEsDBC0AAAAIAAAAIQCvRpRn//////////8LABQAcmV3YXJkcy5ucHkBABAAmAAAAAAAAABLAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GMPhgj04DAFBLAwQtAAAACAAAACEA9vhS1P//////////EAAUAHRlcm1pbmF0aW9ucy5ucHkBABAAgwAAAAAAAABHAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF6TZKiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6mjoKtQoUAC4GRgYAUEsBAi0DLQAAAAgAAAAhALL5FIpeAAAAsAAAABAAAAAAAAAAAAAAAIABAAAAAG9ic2VydmF0aW9ucy5ucHlQSwECLQMtAAAACAAAACEAFEedZEkAAACYAAAACwAAAAAAAAAAAAAAgAGgAAAAYWN0aW9ucy5ucHlQSwECLQMtAAAACAAAACEAr0aUZ0sAAACYAAAACwAAAAAAAAAAAAAAgAEmAQAAcmV3YXJkcy5ucHlQSwECLQMtAAAACAAAACEA9vhS1EcAAACDAAAAEAAAAAAAAAAAAAAAgAGuAQAAdGVybWluYXRpb25zLm5weVBLBQYAAAAABAAEAO4AAAA3AgAAAAA=";

const data = (folder: string, ...args: string[]): ReturnType<typeof elegans> => elegans(["data", ...args], folder);
const recordTwo = (folder: string): ReturnType<typeof elegans> =>
  elegans(["record", "CartPole-v1", "--random", "--episodes", "3", "--out", "d"], folder);

test("a whole dataset is listed, shown and found whole", () =>
  inFolder(async (folder) => {
    await recordTwo(folder);
    expect(JSON.parse((await data(folder, "list", ".", "--json")).stdout)).toMatchObject([
      { path: "d", env: "CartPole-v1", episodes: 3 },
    ]);
    const shown = JSON.parse((await data(folder, "show", "d", "--json")).stdout);
    expect(shown).toMatchObject({ id: "d-v0", episodes: 3, actors: ["random random"], actionSpace: "Discrete(2)" });
    expect(shown.fields).toContainEqual({ name: "observations", type: "float32", shape: "4" });
    expect(await data(folder, "check", "d")).toMatchObject({ exitCode: 0 });
  }));

test("check names file and episode of damage, --repair puts the rest right", () =>
  inFolder(async (folder) => {
    await recordTwo(folder);
    const reader = await DatasetReader.open(join(folder, "d"));
    await truncate(reader.fileOf(1), 100);
    const checked = await data(folder, "check", "d");
    expect(checked.exitCode).toBe(1);
    expect(checked.stderr).toContain("episode 1 (d/data/1/part-0.arrow) has 100 bytes, expected");
    expect(await data(folder, "check", "d", "--repair")).toMatchObject({ exitCode: 0 });
    expect((await readdir(join(folder, "d", "data"))).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "0",
      "1",
      "metadata.json",
    ]);
    expect(await readdir(join(folder, "d", "damaged"))).toEqual(["1"]);
    expect((await DatasetReader.open(join(folder, "d"))).metadata.total_episodes).toBe(2);
  }));

test("a stale index is found and mended", () =>
  inFolder(async (folder) => {
    await recordTwo(folder);
    const path = join(folder, "d", "data", "metadata.json");
    const { metadata } = await DatasetReader.open(join(folder, "d"));
    await writeFile(path, JSON.stringify({ ...metadata, total_episodes: 2 }));
    expect((await data(folder, "check", "d")).stderr).toContain("the index says 2 episodes, there are 3");
    expect(await data(folder, "check", "d", "--repair")).toMatchObject({ exitCode: 0 });
  }));

test("numpy's arrays and JSON lines become the same episodes", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "mine.npz"), Buffer.from(npz, "base64"));
    const rows = [
      { obs: [0.01, 0, 0.02, 0], action: 0, reward: 1, terminated: false },
      { obs: [0.02, 0.1, 0.02, -0.1], action: 1, reward: 1, terminated: true },
      { obs: [0.5, 0, 0, 0], action: 1, reward: 1, terminated: false },
    ];
    await writeFile(join(folder, "mine.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    for (const [file, out] of [
      ["mine.npz", "a"],
      ["mine.jsonl", "b"],
    ] as const)
      expect(await data(folder, "import", file, "--env", "CartPole-v1", "--out", out)).toMatchObject({ exitCode: 0 });
    const [a, b] = [await DatasetReader.open(join(folder, "a")), await DatasetReader.open(join(folder, "b"))];
    expect((await a.episodes()).map((e) => [e.total_steps, e.elegans?.terminated, e.elegans?.truncated])).toEqual([
      [2, true, false],
      [1, false, true],
    ]);
    for (const id of [0, 1]) expect(await b.read(id)).toEqual(await a.read(id));
    expect(await data(folder, "check", "a")).toMatchObject({ exitCode: 0 });
    expect(await data(folder, "import", "a", "--env", "CartPole-v1", "--out", "c")).toMatchObject({ exitCode: 0 });
  }));

test.each([
  ["not JSON", "{", "line 1 is not JSON"],
  ["a NaN", '{"obs": [0, 0, 0, null], "action": 0, "terminated": true}', "line 1, field obs: expected"],
  ["a wrong shape", '{"obs": [0, 0], "action": 0, "terminated": true}', "obs of step 0 is [0,0], outside of Box"],
  [
    "an unknown action",
    '{"obs": [0, 0, 0, 0], "action": 2, "terminated": true}',
    "action of step 0 is 2, outside of Discrete(2)",
  ],
  ["nothing", "", "there is no step"],
])("%s in a file is refused by file, line and field, and nothing is written", (_, text, message) =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "bad.jsonl"), text);
    const end = await data(folder, "import", "bad.jsonl", "--env", "CartPole-v1", "--out", "o");
    expect(end).toMatchObject({ exitCode: 1, stdout: "" });
    expect(end.stderr).toContain("bad.jsonl");
    expect(end.stderr).toContain(message);
    expect(await readdir(folder)).toEqual(["bad.jsonl"]);
  }),
);

test("an empty dataset and a folder without one are told apart", () =>
  inFolder(async (folder) => {
    expect((await data(folder, "check", ".")).stderr).toContain("there is no dataset in .");
    await recordTwo(folder);
    await data(folder, "check", "d");
  }));
