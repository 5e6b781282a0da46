import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Column, numRows } from "../../../src/recording/column.ts";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { elegans, elegansProcess, inFolder, tiny } from "../../helpers/cli.ts";

const group = (column: Column | undefined): ReadonlyMap<string, Column> =>
  column?.kind === "group" ? column.columns : new Map();

test("a training run records its evaluation episodes, with what every neuron said", () =>
  inFolder(async (folder) => {
    await elegans(["train", "CartPole-v1", ...tiny, "--run", "r"], folder);
    const reader = await DatasetReader.open(join(folder, "r", "episodes"));
    const [episode] = await reader.episodes();
    expect(episode?.elegans?.actor).toMatchObject({ kind: "policy", name: "r", step: 512 });
    const table = await reader.read(0);
    const infos = group(table.columns.get("infos"));
    const policy = group(infos.get("policy"));
    const R = table.numSteps + 1;
    expect([...policy.keys()]).toEqual(["state", "motor", "logits", "value"]);
    for (const column of [...infos.values(), ...policy.values()]) expect(numRows(column)).toBe(R);
    const state = policy.get("state");
    const motor = policy.get("motor");
    if (state?.kind !== "numbers" || motor?.kind !== "numbers") throw new Error("expected numbers");
    expect([state.shape, motor.shape]).toEqual([[32], [2]]);
    expect(state.data.slice(0, 2)).toEqual(motor.data.slice(0, 2)); // motor neurons come first
    expect(Number(state.data.at(-1))).toBeNaN(); // nothing responds to the last observation
  }));

test("record appends an expert's episodes; the disturbed ones hold what the expert wanted beside what was done", () =>
  inFolder(async (folder) => {
    const record = (...args: string[]): ReturnType<typeof elegans> =>
      elegans(
        ["record", "CartPole-v1", "--expert", "state-feedback", "--episodes", "2", "--out", "d", "--json", ...args],
        folder,
      );
    expect(JSON.parse((await record()).stdout)).toMatchObject({ episodes: 2, totalEpisodes: 2 });
    expect(JSON.parse((await record("--no-disturbance", "--seed", "1")).stdout)).toMatchObject({ totalEpisodes: 4 });
    const reader = await DatasetReader.open(join(folder, "d"));
    const labels = async (id: number): Promise<Column | undefined> =>
      group((await reader.read(id)).columns.get("infos")).get("label");
    expect(await labels(0)).toMatchObject({ kind: "numbers", type: "int64" });
    expect((await labels(0)) as object).not.toEqual((await reader.read(0)).columns.get("actions"));
    expect(await labels(2)).toBeUndefined();
  }));

test("record cuts episodes at --max-episode-steps", () =>
  inFolder(async (folder) => {
    const args = ["--random", "--episodes", "2", "--max-episode-steps", "6", "--out", "d", "--json"];
    expect(JSON.parse((await elegans(["record", "CartPole-v1", ...args], folder)).stdout)).toMatchObject({ steps: 12 });
  }));

test("Ctrl-C ends a recording within an episode, which is not kept", () =>
  inFolder(async (folder) => {
    const world = ["Endless-v0", "--import", fileURLToPath(new URL("../../helpers/endless-env.mjs", import.meta.url))];
    const end = await elegansProcess(
      ["record", ...world, "--random", "--max-episode-steps", "none", "--out", "d"],
      folder,
      (text, kill) => text.includes("for ever") && kill("SIGINT"),
    );
    expect(end.exitCode).toBe(0);
    expect(end.stdout).toContain("Recorded 1 episodes, 5 steps");
    expect(await readdir(join(folder, "d", "data"))).toEqual(["0", "metadata.json"]);
  }));

test("the same seed records the same episodes, and none that an evaluation with that seed plays", () =>
  inFolder(async (folder) => {
    for (const out of ["a", "b"])
      await elegans(["record", "CartPole-v1", "--random", "--episodes", "3", "--out", out], folder);
    await elegans(["train", "CartPole-v1", ...tiny, "--run", "r"], folder);
    await elegans(["evaluate", "r", "--episodes", "3", "--record", "e"], folder);
    const [a, b, e] = await Promise.all(["a", "b", "e"].map((name) => DatasetReader.open(join(folder, name))));
    const seeds = async (reader: DatasetReader | undefined): Promise<unknown> =>
      (await reader!.episodes()).map((x) => x.seed);
    expect(await b!.read(1)).toEqual(await a!.read(1));
    expect(await seeds(b)).toEqual(await seeds(a));
    expect(await seeds(e)).not.toEqual(await seeds(a));
  }));

test("who acts must be said, and exactly once; an unknown expert names those there are; nothing is left", () =>
  inFolder(async (folder) => {
    for (const [args, message] of [
      [[], "who acts?"],
      [["--random", "--expert", "state-feedback"], "who acts?"],
      [["--expert", "state-feedbak"], "did you mean state-feedback?"],
      [["--run", "none"], "there is no run in none"],
    ] as const) {
      const end = await elegans(["record", "CartPole-v1", ...args], folder);
      expect(end.exitCode).toBe(2);
      expect(end.stderr).toContain(message);
    }
    expect(await readdir(folder)).toEqual([]);
  }));
