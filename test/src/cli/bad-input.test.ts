import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type CliEnd, elegans, inFolder, tiny } from "../../helpers/cli.ts";

const nanEnv = fileURLToPath(new URL("../../helpers/nan-reward-env.mjs", import.meta.url));

/** A user's mistake: this exit code, one clear message, no stack trace, nothing on stdout. */
function expectMistake(end: CliEnd, exitCode: number, message: string): void {
  expect(end.stderr).toContain(message);
  expect(end.stderr).not.toMatch(/^ {4}at /m);
  expect(end.stderr).not.toContain("internal:");
  expect(end).toMatchObject({ exitCode, stdout: "" });
}

const cases: readonly (readonly [args: string, exitCode: number, message: string])[] = [
  ["train CartPol-v1", 2, "did you mean CartPole-v1?"],
  ["train", 2, "no environment was named"],
  ["trian CartPole-v1", 2, "Did you mean train?"],
  ["train CartPole-v1 --sed 3", 2, "--seed"],
  ["train CartPole-v1 --seed -3", 2, "Expected a whole number ≥ 0."],
  [
    "train CartPole-v1 --set algo.learningrate=1",
    2,
    "there is no setting algo.learningrate; did you mean algo.learningRate?",
  ],
  ["train CartPole-v1 --set algo.learningRate=fast", 2, 'algo.learningRate=fast: expected number > 0, got "fast"'],
  ["train CartPole-v1 --set algo.gamma=7", 2, "algo.gamma=7: expected number ≥ 0 ≤ 1, got 7"],
  ["train CartPole-v1 --set algo.gamma.x=7", 2, "algo.gamma is a single value"],
  ["train CartPole-v1 --set algo.numEnvs=7", 2, "numShards = 2 must divide numEnvs = 7"],
  ["train CartPole-v1 --set policy.circuit.kind=cfs", 2, "expected cfc | ltc"],
  ["train CartPole-v1 --set policy.encoder.hidden=[8]", 2, "first --set policy.encoder.kind=mlp"],
  ["train CartPole-v1 --set nonsense", 2, "expected name=value"],
  ["train CartPole-v1 --env-arg gravity=1", 2, "gravity"],
  ["train CartPole-v1 --preset fast", 2, "CartPole-v1 has default"],
  ["train CartPole-v1 --config none.json", 2, "none.json: there is no such file"],
  ["train CartPole-v1 --import ./none.mjs", 2, "none.mjs"],
  ["train CartPole-v1 --run /proc/none/run", 1, "cannot write /proc/none"],
  ["evaluate none", 2, "there is no run in none"],
  ["evaluate none --episodes 0", 2, "Expected a whole number ≥ 1."],
  ["evaluate none --max-episode-steps 0", 2, "Expected a whole number ≥ 1, or none."],
  ["view --port 99999", 2, "0 to 65535"],
  ["view --host 0.0.0.0", 2, "token"],
];

describe("a mistake ends with its message and leaves nothing half-written", () => {
  test.each(cases)("%s: exit %d, %s", (args, exitCode, message) =>
    inFolder(async (folder) => {
      expectMistake(await elegans(args.split(" "), folder), exitCode, message);
      expect(await readdir(folder)).toEqual([]);
    }),
  );
});

test("a config file names itself and the wrong field", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "a.json"), '{"algo": {"gama": 1, "numSteps": "many"}}');
    const end = await elegans(["train", "CartPole-v1", "--config", "a.json"], folder);
    expectMistake(end, 2, 'a.json: algo.numSteps: expected integer > 0, got "many"');
    expect(end.stderr).toContain("a.json: algo.gama: there is no such setting; did you mean algo.gamma?");
    await writeFile(join(folder, "b.json"), "{");
    expectMistake(await elegans(["train", "CartPole-v1", "--config", "b.json"], folder), 2, "b.json is not JSON");
  }));

test("a folder with something else in it is not written into", () =>
  inFolder(async (folder) => {
    await mkdir(join(folder, "mine"));
    await writeFile(join(folder, "mine", "thesis.txt"), "");
    expectMistake(await elegans(["train", "CartPole-v1", "--run", "mine"], folder), 2, "mine is not empty");
    expect(await readdir(join(folder, "mine"))).toEqual(["thesis.txt"]);
  }));

test("a damaged checkpoint is refused by name and the previous one is offered", () =>
  inFolder(async (folder) => {
    await elegans(["train", "CartPole-v1", ...tiny, "--run", "r"], folder);
    await writeFile(join(folder, "r", "checkpoints", "1024", "policy.safetensors"), "broken");
    const end = await elegans(["evaluate", "r", "--checkpoint", "1024"], folder);
    expectMistake(end, 1, join("r", "checkpoints", "1024"));
    expect(end.stderr).toMatch(/policy\.safetensors has 6 bytes, expected \d+; --checkpoint 512 is good/);
    expectMistake(await elegans(["evaluate", "r", "--checkpoint", "77"], folder), 2, "no checkpoint 77");
  }));

test("a port in use is told", () =>
  inFolder(async (folder) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expectMistake(await elegans(["view", "--port", String(port)], folder), 1, `port ${port} on 127.0.0.1 is in use`);
    await new Promise((resolve) => server.close(resolve));
  }));

test.each([
  ["a reward that turns NaN", ["NanReward-v0", "--import", nanEnv], "reward became NaN at step"],
  ["a step size that blows up", ["CartPole-v1", "--set", "algo.learningRate=1e30"], "became NaN at step"],
])("%s stops training: quantity, step and last good checkpoint are told, and it loads", (_, args, message) =>
  inFolder(async (folder) => {
    const end = await elegans(["train", ...args, "--run", "r"], folder);
    expectMistake(end, 1, message);
    expect(end.stderr).toContain("the last good checkpoint is");
    const evaluated = await elegans(["evaluate", "r", "--episodes", "1", "--json", "--import", nanEnv], folder);
    const isNanWorld = args[0] === "NanReward-v0";
    expect(evaluated.exitCode).toBe(isNanWorld ? 1 : 0); // its episodes run into the same reward
  }),
);
