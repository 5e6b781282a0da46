// Whole PPO loop on CartPole-v1 at the preset: env steps per second with 1 and 2 threads. Checks that both give the same policy and that it
// learned. Threads run what was built: `npm run build` first.
import { createHash } from "node:crypto";
import { meanReturn, presetRun, trainPreset } from "./helpers/train-preset.ts";
import { median } from "./helpers/median.ts";

const isQuick = process.argv.includes("--quick");
const repeats = isQuick ? 1 : 5;
const run = presetRun("CartPole-v1", 0);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const rates: Record<string, number> = {};
const hashes = new Set<string>();
let policy = new Uint8Array();
for (const numWorkers of [1, 2]) {
  const speeds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const trained = await trainPreset(run, numWorkers);
    speeds.push(trained.stepsPerSecond);
    hashes.add(sha256(trained.policy));
    policy = Uint8Array.from(trained.policy);
  }
  rates[`workers${numWorkers}`] = Math.round(median(speeds));
}
if (hashes.size !== 1) throw new Error("1 and 2 threads gave different policies");
const learned = await meanReturn(policy, run.env.id, 100, 12345);
if (learned < 475) throw new Error(`the preset reached a mean return of ${learned}, expected at least 475`);
console.log(
  JSON.stringify({ bench: "ppo", env: run.env.id, steps: run.algo.totalSteps, stepsPerSecond: rates, return: learned }),
);
