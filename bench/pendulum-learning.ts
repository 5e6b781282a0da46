// Pendulum-v1 at its preset, seeds 0 to 4 (`--seeds 0..9` for more): 100 greedy episodes on seeds that training never saw must average more
// than -200. Threads run what was built: `npm run build` first.
import { seedsOf } from "./helpers/seeds.ts";
import { meanReturn, presetRun, trainPreset } from "./helpers/train-preset.ts";

const isQuick = process.argv.includes("--quick");
const runs = [];
for (const seed of isQuick ? [0] : seedsOf(process.argv, [0, 1, 2, 3, 4])) {
  const run = presetRun("Pendulum-v1", seed);
  const { policy, steps, seconds } = await trainPreset(run, 2);
  const learned = await meanReturn(policy, run.env.id, 100, 1_000_000 + seed);
  runs.push({ seed, steps, return: learned, seconds: Number(seconds.toFixed(2)) });
}
console.log(JSON.stringify({ bench: "pendulum-learning", goal: -200, runs }));
const missed = runs.filter((run) => !(run.return > -200));
if (missed.length > 0) throw new Error(`not above -200: ${JSON.stringify(missed)}`);
