import { join } from "node:path";
import { Generator, PCG64 } from "gymnasium-js";
import { expect, test } from "vitest";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { elegans, inFolder } from "../../helpers/cli.ts";
import { killedAt } from "../../helpers/kill-cli.ts";

const common =
  "--eval-episodes 2 --json --set algo.batchSize=8 --set algo.validateEvery=20 --set checkpoint.every=640".split(" ");
const shaOf = (end: { stdout: string }): string => JSON.parse(end.stdout).policySha256;

test.each([
  ["clone", 9600, ["clone", "CartPole-v1", "--total-steps", "12800", ...common]],
  [
    "dagger",
    6400,
    [
      ..."train CartPole-v1 --algo dagger --total-steps 11520".split(" "),
      ..."--set algo.rounds=3 --set algo.episodesPerRound=3".split(" "),
      ...common,
    ],
  ],
])(
  "%s: killed with -9 at random moments and resumed, a run ends in the bytes of one never interrupted",
  (_, lastKill, args) =>
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
          const moment = { step: rng.uniform(640, lastKill), laterMs: rng.uniform(0, 50) };
          const killed = [...args, ...data, ...workers(1 + (i % 2))];
          numKilled += Number(await killedAt(moment, killed, { folder: place, run: "r" }));
          const resume = await elegans([...args, ...data, "--run", "r", "--resume", ...workers(2 - (i % 2))], place);
          expect(resume.exitCode, resume.stderr).toBe(0);
          expect(shaOf(resume)).toBe(shaOf(whole));
          if (args[0] !== "clone") expect(await idsIn(join(place, "r"))).toEqual(await idsIn(join(folder, "whole")));
        });
      expect(numKilled, "most kills must hit a running training, or this tests nothing").toBeGreaterThan(1);
    }),
);

const idsIn = async (run: string): Promise<number[]> => (await DatasetReader.open(join(run, "demonstrations"))).ids();
