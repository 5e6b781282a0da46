import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Generator, PCG64 } from "gymnasium-js";
import { expect, test } from "vitest";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { elegans, inFolder } from "../../helpers/cli.ts";

const main = fileURLToPath(new URL("../../../dist/src/cli/main.js", import.meta.url));
const common =
  "--eval-episodes 2 --json --set algo.batchSize=8 --set algo.validateEvery=20 --set checkpoint.every=640".split(" ");
const shaOf = (end: { stdout: string }): string => JSON.parse(end.stdout).policySha256;

/** Starts a run in `folder`, kills it with -9 some time after its first checkpoint, and says whether it was still running. */
async function killed(folder: string, args: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [main, ...args, "--run", "r"], { cwd: folder, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const checkpoints = (): Promise<string[]> => readdir(join(folder, "r", "checkpoints")).catch(() => []);
  while (child.exitCode === null && !(await checkpoints()).includes("latest")) await wait(10);
  await wait(afterMs);
  child.kill("SIGKILL");
  return (await ended) === "SIGKILL";
}

test.each([
  ["clone", ["clone", "CartPole-v1", "--total-steps", "51200", ...common]],
  [
    "dagger",
    [
      ..."train CartPole-v1 --algo dagger --total-steps 11520".split(" "),
      ..."--set algo.rounds=3 --set algo.episodesPerRound=3".split(" "),
      ...common,
    ],
  ],
])("%s: killed with -9 at random moments and resumed, a run ends in the bytes of one never interrupted", (_, args) =>
  inFolder(async (folder) => {
    await elegans(["record", "CartPole-v1", "--expert", "state-feedback", "--episodes", "4"], folder);
    const data = args[0] === "clone" ? ["--data", join(folder, "data", "CartPole-v1")] : [];
    const whole = await elegans([...args, ...data, "--run", "whole"], folder);
    expect(whole.exitCode, whole.stderr).toBe(0);
    const rng = new Generator(new PCG64(6));
    let numKilled = 0;
    for (let i = 0; i < 3; i++)
      await inFolder(async (place) => {
        const workers = (n: number): string[] => ["--workers", String(n)];
        numKilled += Number(await killed(place, [...args, ...data, ...workers(1 + (i % 2))], rng.uniform(0, 200)));
        const resume = await elegans([...args, ...data, "--run", "r", "--resume", ...workers(2 - (i % 2))], place);
        expect(resume.exitCode, resume.stderr).toBe(0);
        expect(shaOf(resume)).toBe(shaOf(whole));
        if (args[0] !== "clone") expect(await idsIn(join(place, "r"))).toEqual(await idsIn(join(folder, "whole")));
      });
    expect(numKilled, "most kills must hit a running training, or this tests nothing").toBeGreaterThan(1);
  }),
);

const idsIn = async (run: string): Promise<number[]> => (await DatasetReader.open(join(run, "demonstrations"))).ids();
