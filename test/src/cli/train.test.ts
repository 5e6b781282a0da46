import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { elegans, elegansProcess, inFolder, tiny } from "../../helpers/cli.ts";

const train = (folder: string, ...args: string[]): ReturnType<typeof elegans> =>
  elegans(["train", "CartPole-v1", ...tiny, "--json", ...args], folder);

test("train --json prints one JSON object on stdout; the run folder holds what it says", () =>
  inFolder(async (folder) => {
    const end = await train(folder, "--seed", "7");
    expect(end).toMatchObject({ exitCode: 0 });
    expect(end.stdout.trimEnd().split("\n")).toHaveLength(1);
    const result = JSON.parse(end.stdout);
    expect(result).toMatchObject({ env: "CartPole-v1", algo: "ppo", seed: 7, steps: 1024, run: "runs/CartPole-v1-1" });
    expect(result.return.mean).toBeGreaterThan(5);
    expect(result.policySha256).toMatch(/^[0-9a-f]{64}$/);
    const run = join(folder, result.run);
    expect((await readdir(run)).toSorted((a, b) => a.localeCompare(b))).toEqual(
      expect.arrayContaining(["checkpoints", "config.json", "metrics.jsonl", "result.json", "run.json"]),
    );
    const manifest = JSON.parse(await readFile(join(folder, result.checkpoint, "manifest.json"), "utf8"));
    expect(manifest.files["policy.safetensors"].sha256).toBe(result.policySha256);
  }));

test("the same seed gives the same policy with one worker and with two, another seed another one", () =>
  inFolder(async (folder) => {
    const shas: string[] = [];
    for (const [seed, workers] of [
      ["1", "1"],
      ["1", "2"],
      ["2", "2"],
    ] as const)
      shas.push(JSON.parse((await train(folder, "--seed", seed, "--workers", workers)).stdout).policySha256);
    expect(shas[1]).toBe(shas[0]);
    expect(shas[2]).not.toBe(shas[0]);
  }));

test("an existing run is refused without --resume; finished and resumed it prints its result again", () =>
  inFolder(async (folder) => {
    const first = await train(folder, "--run", "r");
    const refused = await train(folder, "--run", "r");
    expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
    expect(refused.stderr).toContain("r already holds a run; add --resume");
    const again = await train(folder, "--run", "r", "--resume");
    expect(again).toMatchObject({ exitCode: 0, stdout: first.stdout });
  }));

test("--resume with nothing to resume, without --run, or with other settings is refused", () =>
  inFolder(async (folder) => {
    expect(await train(folder, "--run", "r", "--resume")).toMatchObject({ exitCode: 2, stdout: "" });
    expect((await train(folder, "--resume")).stderr).toContain("--resume needs --run DIR");
    await train(folder, "--run", "r");
    const other = await train(folder, "--run", "r", "--resume", "--set", "algo.gamma=0.5");
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toMatch(/algo\.gamma is 0\.\d+ there, 0\.5 was asked for/);
  }));

test("Ctrl-C saves and exits 0; --resume then ends in the bytes of a run never interrupted", () =>
  inFolder(async (folder) => {
    const long = ["--set", "algo.totalSteps=20480", "--set", "evaluation.every=2048"];
    const whole = await train(folder, "--run", "whole", "--workers", "1", ...long);
    const stopped = await elegansProcess(
      ["train", "CartPole-v1", ...tiny, ...long, "--run", "stopped", "--json"],
      folder,
      (text, kill) => text.includes("step") && text.includes("evaluation") && kill("SIGINT"),
    );
    expect(stopped.exitCode).toBe(0);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ reason: "interrupted", return: null });
    const resumed = await train(folder, "--run", "stopped", "--resume", ...long);
    expect(JSON.parse(resumed.stdout).policySha256).toBe(JSON.parse(whole.stdout).policySha256);
  }));

test("evaluate plays the same episodes for the same seed and leaves the run as it was", () =>
  inFolder(async (folder) => {
    await train(folder, "--run", "r");
    const before = await readdir(join(folder, "r"));
    const evaluate = (seed: string): ReturnType<typeof elegans> =>
      elegans(["evaluate", "r", "--episodes", "5", "--seed", seed, "--json"], folder);
    const [a, b, c] = [await evaluate("1"), await evaluate("1"), await evaluate("2")].map((end) =>
      JSON.parse(end.stdout),
    );
    expect(a).toMatchObject({ env: "CartPole-v1", episodes: 5, seed: 1, metrics: {} });
    expect({ ...b, stepsPerSecond: 0 }).toEqual({ ...a, stepsPerSecond: 0 });
    expect(c.return).not.toEqual(a.return);
    expect(await readdir(join(folder, "r"))).toEqual(before);
  }));

test("evaluate cuts episodes that go on for too long, and says how many", () =>
  inFolder(async (folder) => {
    await train(folder, "--run", "r", "--set", "evaluation.maxEpisodeSteps=8");
    const evaluate = async (...limit: string[]): Promise<{ cutEpisodes: number; length: { mean: number } }> =>
      JSON.parse((await elegans(["evaluate", "r", "--episodes", "4", "--json", ...limit], folder)).stdout);
    expect(await evaluate()).toMatchObject({ cutEpisodes: 4, length: { mean: 8 } }); // as the run was evaluated
    expect(await evaluate("--max-episode-steps", "7")).toMatchObject({ cutEpisodes: 4, length: { mean: 7 } });
    expect(await evaluate("--max-episode-steps", "none")).toMatchObject({ cutEpisodes: 0 });
    const result = JSON.parse(await readFile(join(folder, "r", "result.json"), "utf8"));
    expect(result.return).toMatchObject({ max: 8, cutEpisodes: 3 });
  }));

test("how often a run is evaluated changes nothing in what it learns", () =>
  inFolder(async (folder) => {
    const learned = async (every: number): Promise<Buffer> => {
      const end = await train(folder, "--run", `r${every}`, "--set", `evaluation.every=${every}`);
      expect(end.exitCode, end.stderr).toBe(0);
      return readFile(join(folder, `r${every}`, "checkpoints", "1024", "policy.safetensors"));
    };
    expect(await learned(256)).toEqual(await learned(0)); // 0: never
  }));

test("--seeds trains one run per seed and compares them", () =>
  inFolder(async (folder) => {
    const end = await train(folder, "--seeds", "3..4", "--run", "r");
    const result = JSON.parse(end.stdout);
    expect(result.runs.map((run: { seed: number; run: string }) => [run.seed, run.run])).toEqual([
      [3, "r-seed3"],
      [4, "r-seed4"],
    ]);
    const single = JSON.parse((await train(folder, "--seed", "4")).stdout);
    expect(result.runs[1].policySha256).toBe(single.policySha256);
    expect(result.return.mean).toBeCloseTo((result.runs[0].return.mean + result.runs[1].return.mean) / 2, 9);
    expect((await train(folder, "--seeds", "9..1")).exitCode).toBe(2);
  }));
