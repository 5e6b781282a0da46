import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CheckpointStore } from "../../src/checkpoint/checkpoint-store.ts";
import { cliMain } from "./cli.ts";

/** A moment in a run: so long after its checkpoint at `step` (or a later one) is there. Told in steps, it lies in the run on any machine. */
export interface KillMoment {
  readonly step: number;
  readonly laterMs: number;
}

/** Starts a command that trains in `folder`/`run`, kills it with -9 at a moment, and says whether it was still running. */
export async function killedAt(
  { step, laterMs }: KillMoment,
  args: readonly string[],
  { folder, run }: { readonly folder: string; readonly run: string },
): Promise<boolean> {
  const child = spawn(process.execPath, [cliMain, ...args, "--run", run], { cwd: folder, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("close", (_, signal) => resolve(signal)));
  const checkpoints = new CheckpointStore(join(folder, run, "checkpoints"));
  while (child.exitCode === null && ((await checkpoints.pointer("latest")) ?? 0) < step) await wait(5);
  await wait(laterMs);
  child.kill("SIGKILL");
  return (await ended) === "SIGKILL";
}
