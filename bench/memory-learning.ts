// CartPole with hidden velocities at its preset, seeds 0 to 4 (`--seeds 0..9` for more): a check of 20 greedy episodes every 16,384 steps must
// reach 500 once, and 100 greedy episodes after 98,304 steps must average at least 475, while the same settings without state must stay
// below 200. Threads run what was built: `npm run build` first.
import { createPpoTrainer, type PpoRunConfig } from "../agents/index.ts";
import { PolicyConfig } from "../src/index.ts";
import { seedsOf } from "./helpers/seeds.ts";
import { meanReturn, presetRun } from "./helpers/train-preset.ts";

const isQuick = process.argv.includes("--quick");
const envId = "CartPoleNoVel-v1";
const seeds = isQuick ? [0] : seedsOf(process.argv, [0, 1, 2, 3, 4]);
const CHECK_EVERY = 16_384;

/** The best of the checks during training, and the mean return at its end. */
async function learn(seed: number, run: PpoRunConfig): Promise<{ readonly best: number; readonly last: number }> {
  const trainer = await createPpoTrainer(run, { numWorkers: 2 });
  let best = 0;
  for (let next = CHECK_EVERY; trainer.numSteps < run.algo.totalSteps;) {
    await trainer.iterate();
    if (trainer.numSteps < next) continue;
    next += CHECK_EVERY;
    best = Math.max(best, await meanReturn(await trainer.policy(), envId, 20, 2_000_000 + seed));
  }
  const last = await meanReturn(await trainer.policy(), envId, 100, 1_000_000 + seed);
  await trainer.close();
  return { best, last };
}

const circuit = [];
for (const seed of seeds) circuit.push({ seed, ...(await learn(seed, presetRun(envId, seed))) });
const stateless = [];
const policy = PolicyConfig.parse({ circuit: { kind: "mlp" } });
for (const seed of isQuick ? [] : seeds)
  stateless.push({ seed, ...(await learn(seed, { ...presetRun(envId, seed), policy })) });
console.log(JSON.stringify({ bench: "memory-learning", env: envId, steps: 98_304, circuit, stateless }));
const fell = circuit.filter(({ best, last }) => best < 500 || last < 475);
if (fell.length > 0) throw new Error(`the circuit did not reach 500 and stay at 475 or more: ${JSON.stringify(fell)}`);
const reached = stateless.filter(({ best, last }) => Math.max(best, last) >= 200);
if (reached.length > 0) throw new Error(`a policy without state should not reach 200 here: ${JSON.stringify(reached)}`);
