// CartPole-v1 at the preset, seeds 0 to 9: mean return of 100 greedy episodes on seeds that training never saw, and how long it took.
// Throws when a seed stays below 475. Threads run what was built: `npm run build` first.
import { meanReturn, presetRun, trainPreset } from "./helpers/train-preset.ts";

const isQuick = process.argv.includes("--quick");
const seeds = Array.from({ length: isQuick ? 2 : 10 }, (_, seed) => seed);

const runs = [];
for (const seed of seeds) {
  const run = presetRun("CartPole-v1", seed);
  const { policy, steps, seconds } = await trainPreset(run, 2);
  const learned = await meanReturn(policy, run.env.id, 100, 1_000_000 + seed);
  runs.push({ seed, steps, return: learned, seconds: Number(seconds.toFixed(2)) });
}
console.log(JSON.stringify({ bench: "cartpole-learning", goal: 475, runs }));
const missed = runs.filter((run) => run.return < 475);
if (missed.length > 0) throw new Error(`below 475: ${JSON.stringify(missed)}`);
