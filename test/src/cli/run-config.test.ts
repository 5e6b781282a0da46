import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveConfig } from "../../../src/cli/run-config.ts";

test("a preset brings the arguments of the environment it is for; options still win", async () => {
  const request = { envId: "LaneKeeping-v0", preset: "state", envArgs: {}, imports: [], sets: [] };
  expect((await resolveConfig(request)).env.args).toEqual({ observation: "state" });
  const curved = await resolveConfig({ ...request, envArgs: { difficulty: "hard" } });
  expect(curved.env).toMatchObject({ id: "LaneKeeping-v0", args: { observation: "state", difficulty: "hard" } });
});

test("a file that names no algorithm sets the one that the command uses", async () => {
  const folder = await mkdtemp(join(tmpdir(), "elegans-config-"));
  const file = join(folder, "settings.json");
  await writeFile(file, JSON.stringify({ algo: { totalSteps: 1234, batchSize: 4 } }));
  const request = { envId: "CartPole-v1", algo: "bc", file, envArgs: {}, imports: [], sets: [] } as const;
  expect((await resolveConfig(request)).algo).toMatchObject({ kind: "bc", totalSteps: 1234, batchSize: 4 });
  await rm(folder, { recursive: true });
});
