// What somebody waits for: `elegans train CartPole-v1` as a process of its own, from its start until its 100 evaluation episodes are played and
// the run is written. Throws when a seed stays below a mean return of 475. `npm run build` first.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./helpers/median.ts";

const seeds = process.argv.includes("--quick") ? [0] : [0, 1, 2, 3, 4];

const runs = seeds.map((seed) => {
  const folder = mkdtempSync(join(tmpdir(), "elegans-cold-"));
  const args = ["train", "CartPole-v1", "--seed", String(seed), "--run", join(folder, "run"), "--json"];
  const startedAt = performance.now();
  const { stdout, status } = spawnSync(process.execPath, ["dist/src/cli/main.js", ...args], { encoding: "utf8" });
  const seconds = (performance.now() - startedAt) / 1000;
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`training with seed ${seed} ended with ${status}`);
  const { steps, return: returns } = JSON.parse(stdout) as { steps: number; return: { mean: number } }; // TrainResult
  return { seed, steps, return: returns.mean, seconds: Number(seconds.toFixed(2)) };
});
console.log(JSON.stringify({ bench: "cold-start", medianSeconds: median(runs.map((run) => run.seconds)), runs }));
const missed = runs.filter((run) => run.return < 475);
if (missed.length > 0) throw new Error(`below 475: ${JSON.stringify(missed)}`);
