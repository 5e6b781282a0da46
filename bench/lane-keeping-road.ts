// From nothing, with defaults: record an expert, clone the 19 neurons, drive 20 unseen roads. Runs the three commands as a user would, in a folder
// of its own, and says how long each took. Throws where the clone leaves the lane. `npm run build` first.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";

const isQuick = process.argv.includes("--quick");
const main = resolve("dist/src/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "elegans-road-"));

/** Runs a command; returns its JSON and the seconds it took. */
function run(...args: readonly string[]): { readonly result: Record<string, unknown>; readonly seconds: number } {
  const startedAt = performance.now();
  const output = execFileSync(process.execPath, [main, ...args, "--json"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1));
  return { result: JSON.parse(output.trim().split("\n").at(-1)!) as Record<string, unknown>, seconds };
}

try {
  const world = "LaneKeeping-v0";
  const recording = run("record", world, "--expert", "pure-pursuit", "--episodes", isQuick ? "3" : "40");
  const cloning = run("clone", world, ...(isQuick ? ["--total-steps", "1600", "--eval-episodes", "1"] : []));
  const driving = run("evaluate", String(cloning.result["run"]), "--episodes", isQuick ? "1" : "20");
  const metrics = driving.result["metrics"] as Record<string, number>;
  const seconds = { record: recording.seconds, clone: cloning.seconds, evaluate: driving.seconds };
  const minutes = (recording.seconds + cloning.seconds + driving.seconds) / 60;
  const about = { node: process.version, cores: availableParallelism() };
  console.log(
    JSON.stringify({ bench: "lane-keeping-road", ...about, seconds, minutes: Number(minutes.toFixed(2)), metrics }),
  );
  if (!isQuick && metrics["crashes"] !== 0)
    throw new Error(`${metrics["crashes"]} crashes in ${metrics["distanceKm"]} km`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
