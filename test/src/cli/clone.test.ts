import { expect, test } from "vitest";
import { elegans, inFolder, tiny } from "../../helpers/cli.ts";

const short = ["--total-steps", "3200", "--eval-episodes", "2", "--json"];
const record = (folder: string): ReturnType<typeof elegans> =>
  elegans(["record", "CartPole-v1", "--expert", "state-feedback", "--episodes", "4"], folder);

test("record, then clone: the demonstrations are found where record puts them, and no worker count changes the policy", () =>
  inFolder(async (folder) => {
    await record(folder);
    const one = await elegans(["clone", "CartPole-v1", ...short, "--workers", "1"], folder);
    expect(one, one.stderr).toMatchObject({ exitCode: 0 });
    const result = JSON.parse(one.stdout);
    expect(result).toMatchObject({ env: "CartPole-v1", algo: "bc" });
    expect(result.steps).toBeGreaterThanOrEqual(3200); // the last update is whole
    const two = await elegans(
      ["train", "CartPole-v1", "--data", "data/CartPole-v1", ...short, "--workers", "2"],
      folder,
    );
    expect(JSON.parse(two.stdout).policySha256).toBe(result.policySha256);
    const evaluated = await elegans(["evaluate", result.run, "--episodes", "2", "--json"], folder);
    expect(JSON.parse(evaluated.stdout).policySha256).toBe(result.policySha256);
  }));

test("train and clone run on TensorFlow.js and say in one line what that runs on", () =>
  inFolder(async (folder) => {
    await record(folder);
    const algo = ["--set", "algo.numShards=1", "--executor", "tfjs", "--eval-episodes", "1", "--json"];
    for (const args of [
      ["clone", "CartPole-v1", "--set", "algo.batchSize=4", "--total-steps", "128"],
      [
        "train",
        "CartPole-v1",
        ...tiny.slice(0, -2),
        "--set",
        "algo.numEnvs=4",
        "--set",
        "algo.numSteps=8",
        "--set",
        "algo.numMinibatches=2",
        "--total-steps",
        "32",
      ],
    ]) {
      const end = await elegans([...args, ...algo], folder);
      expect(end, end.stderr).toMatchObject({ exitCode: 0 });
      expect(end.stderr.match(/^.*executor tfjs .*runs on .*$/gm)).toHaveLength(1);
      expect(JSON.parse(end.stdout)).toMatchObject({ env: "CartPole-v1", policySha256: expect.any(String) });
    }
  }));

test.each([
  ["no demonstrations", ["clone", "CartPole-v1"], "there is no dataset in"],
  ["a setting of PPO", ["clone", "CartPole-v1", "--set", "algo.gamma=0.9"], "algo is of kind bc, which has no gamma"],
])("%s is refused", (_, args, message) =>
  inFolder(async (folder) => {
    const end = await elegans([...args], folder);
    expect(end).toMatchObject({ exitCode: 2, stdout: "" });
    expect(end.stderr).toContain(message);
  }),
);
