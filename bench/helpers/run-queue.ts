import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { jobName, type LearningJob } from "./learning-jobs.ts";

const cli = "dist/src/cli/main.js";

/**
 * Trains the jobs that `runs` lacks, one after the other in a process of one thread each, and takes up what was stopped. Several queues may
 * work on one folder: a job belongs to the process that holds its lock file. Throws when a training fails.
 */
export async function runQueue(jobs: readonly LearningJob[], runs: string): Promise<void> {
  mkdirSync(runs, { recursive: true });
  for (let job = claim(jobs, runs); job !== null; job = claim(jobs, runs)) {
    const name = jobName(job);
    const isResumed = existsSync(join(runs, name, "config.json"));
    console.error(`${new Date().toISOString()} ${isResumed ? "resume" : "train"} ${name}`);
    const status = await train(job, join(runs, name), isResumed);
    rmSync(lockOf(job, runs));
    if (status !== 0) throw new Error(`${name}: training ended with ${status}`);
  }
}

const lockOf = (job: LearningJob, runs: string): string => join(runs, `${jobName(job)}.lock`);

/** The first job that is neither done nor held by a living process, now held by this one. */
function claim(jobs: readonly LearningJob[], runs: string): LearningJob | null {
  return jobs.find((job) => !existsSync(join(runs, jobName(job), "result.json")) && lock(lockOf(job, runs))) ?? null;
}

function lock(path: string): boolean {
  if (existsSync(path) && !isAlive(Number(readFileSync(path, "utf8")))) rmSync(path);
  try {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch {
    return false; // somebody else was faster
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function train({ env, seed, steps }: LearningJob, run: string, isResumed: boolean): Promise<number | null> {
  const start = [env, "--seed", String(seed), "--total-steps", String(steps)];
  const args = ["train", ...(isResumed ? ["--resume"] : start), "--run", run, "--workers", "1"];
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((resolve, reject) => child.on("error", reject).on("exit", resolve));
}
