import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Generator, PCG64 } from "gymnasium-js";
import { expect, test } from "vitest";
import { cliMain, elegans, inFolder } from "../../helpers/cli.ts";
import { killedAt } from "../../helpers/kill-cli.ts";

const train = [
  ..."train CartPole-v1 --total-steps 8192 --eval-episodes 2 --json --set evaluation.every=2048".split(" "),
  ..."--set evaluation.episodes=2 --set evaluation.stopReturn=null --set checkpoint.every=1024".split(" "),
];
const shaOf = (end: { stdout: string }): string => JSON.parse(end.stdout).policySha256;

test("killed with -9 at ten random moments and resumed, with one worker and two, a run ends in the bytes of one never interrupted", async () => {
  const rng = new Generator(new PCG64(2));
  const expected = await inFolder(async (folder) => shaOf(await elegans([...train, "--run", "whole"], folder)));
  let numKilled = 0;
  for (let i = 0; i < 10; i++)
    await inFolder(async (folder) => {
      const args = [...train, "--workers", String(1 + (i % 2))];
      const moment = { step: rng.uniform(1024, 6144), laterMs: rng.uniform(0, 50) };
      numKilled += Number(await killedAt(moment, args, { folder, run: "r" }));
      const resume = await elegans([...train, "--run", "r", "--resume", "--workers", String(2 - (i % 2))], folder);
      expect(resume.exitCode, resume.stderr).toBe(0);
      expect(shaOf(resume)).toBe(expected);
    });
  expect(numKilled, "most kills must hit a running training, or this tests nothing").toBeGreaterThan(5);
});

test.runIf(process.platform === "linux")(
  "a file that cannot grow stops the run with one sentence; resumed with room it ends in the same bytes",
  () =>
    inFolder(async (folder) => {
      const whole = shaOf(await elegans([...train, "--run", "whole"], folder));
      // Every write beyond 30 KiB into one file fails (EFBIG), as it would on a full disk.
      const command = `trap "" XFSZ; ulimit -f 30; exec "$@"`;
      const child = spawn("bash", ["-c", command, "bash", process.execPath, cliMain, ...train, "--run", "r"], {
        cwd: folder,
      });
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
      expect(stderr).toContain("the file would become larger than allowed");
      expect(stderr).not.toContain("internal:");
      const left = await readdir(join(folder, "r", "checkpoints"));
      expect(left.filter((name) => name.startsWith(".tmp-"))).toEqual([]);
      if (!left.includes("latest")) return; // not even the first checkpoint found room: nothing to go on with
      expect(shaOf(await elegans([...train, "--run", "r", "--resume"], folder))).toBe(whole);
    }),
);
