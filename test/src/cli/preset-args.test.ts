import { expect, test } from "vitest";
import { resolveConfig } from "../../../src/cli/run-config.ts";

test("a preset brings the arguments of the environment it is for; options still win", async () => {
  const request = { envId: "LaneKeeping-v0", preset: "state", envArgs: {}, imports: [], sets: [] };
  expect((await resolveConfig(request)).env.args).toEqual({ observation: "state" });
  const curved = await resolveConfig({ ...request, envArgs: { difficulty: "hard" } });
  expect(curved.env).toMatchObject({ id: "LaneKeeping-v0", args: { observation: "state", difficulty: "hard" } });
});
