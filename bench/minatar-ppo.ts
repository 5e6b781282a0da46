// Whole PPO loop on the five MinAtar games at their presets: frames per second with 1 and 2 threads. Checks that both give the same policy.
// Threads run what was built: `npm run build` first.
import { createHash } from "node:crypto";
import { presetRun, trainPreset } from "./helpers/train-preset.ts";

const isQuick = process.argv.includes("--quick");
const games = isQuick ? ["Breakout"] : ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"];
const totalSteps = isQuick ? 20_480 : 40_960;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const framesPerSecond: Record<string, readonly number[]> = {};
for (const game of games) {
  const run = presetRun(`MinAtar/${game}-v1`, 0);
  const job = { ...run, algo: { ...run.algo, totalSteps } };
  const one = await trainPreset(job, 1);
  const two = await trainPreset(job, 2);
  if (sha256(one.policy) !== sha256(two.policy)) throw new Error(`${game}: 1 and 2 threads gave different policies`);
  framesPerSecond[game] = [one, two].map(({ stepsPerSecond }) => Math.round(stepsPerSecond));
}
console.log(JSON.stringify({ bench: "minatar-ppo", frames: totalSteps, workers: [1, 2], framesPerSecond }));
