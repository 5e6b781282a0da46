import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveConfig, resumedConfig } from "../../../src/cli/run-config.ts";

test("a preset brings the arguments of the environment it is for; options still win", async () => {
  const request = { envId: "LaneKeeping-v0", preset: "state", envArgs: {}, imports: [], sets: [] };
  expect((await resolveConfig(request)).env.args).toEqual({ observation: "state" });
  const curved = await resolveConfig({ ...request, envArgs: { difficulty: "hard" } });
  expect(curved.env).toMatchObject({ id: "LaneKeeping-v0", args: { observation: "state", difficulty: "hard" } });
});

test("a dataset is cloned, unless a file says that DAgger starts from it; PPO refuses it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "elegans-config-"));
  const settings = { envId: "CartPole-v1", data: "data/some", envArgs: {}, imports: [], sets: [] };
  expect((await resolveConfig(settings)).algo).toMatchObject({ kind: "bc", data: "data/some" });
  const file = join(folder, "settings.json");
  await writeFile(file, JSON.stringify({ algo: { kind: "dagger", rounds: 3 } }));
  expect((await resolveConfig({ ...settings, file })).algo).toMatchObject({
    kind: "dagger",
    rounds: 3,
    data: "data/some",
  });
  await writeFile(file, JSON.stringify({ algo: { kind: "ppo" } }));
  const refused =
    /^--data data\/some: PPO learns by trying; --algo bc clones a dataset, --algo dagger starts from one$/;
  await expect(resolveConfig({ ...settings, file })).rejects.toThrow(refused);
  await expect(resolveConfig({ ...settings, algo: "ppo" })).rejects.toThrow(refused);
  await rm(folder, { recursive: true });
});

test("a run that goes on may be told its dataset again, whatever it learns by", async () => {
  const request = { envId: "CartPole-v1", data: "data/some", envArgs: {}, imports: [], sets: [] };
  const saved = await resolveConfig({ ...request, algo: "dagger" });
  expect(await resumedConfig(saved, "config.json", request)).toEqual(saved);
  await expect(resumedConfig(saved, "config.json", { ...request, data: "data/other" })).rejects.toThrow("algo.data");
});

test("a file that names no algorithm sets the one that the command uses", async () => {
  const folder = await mkdtemp(join(tmpdir(), "elegans-config-"));
  const file = join(folder, "settings.json");
  await writeFile(file, JSON.stringify({ algo: { totalSteps: 1234, batchSize: 4 } }));
  const request = { envId: "CartPole-v1", algo: "bc", file, envArgs: {}, imports: [], sets: [] } as const;
  expect((await resolveConfig(request)).algo).toMatchObject({ kind: "bc", totalSteps: 1234, batchSize: 4 });
  await rm(folder, { recursive: true });
});
