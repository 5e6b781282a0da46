// CartPole with hidden velocities at its preset, seeds 0 to 4: 100 greedy episodes after 98,304 steps must average at least 475, while the same
// settings without state must stay below 200. Threads run what was built: `npm run build` first.
import { PolicyConfig } from "../src/index.ts";
import { meanReturn, presetRun, trainPreset } from "./helpers/train-preset.ts";

const isQuick = process.argv.includes("--quick");
const envId = "CartPoleNoVel-v1";
const seeds = isQuick ? [0] : [0, 1, 2, 3, 4];

async function learn(seed: number, policy: PolicyConfig | null): Promise<number> {
  const run = presetRun(envId, seed);
  const trained = await trainPreset(policy === null ? run : { ...run, policy }, 2);
  return meanReturn(trained.policy, envId, 100, 1_000_000 + seed);
}

const circuit: number[] = [];
for (const seed of seeds) circuit.push(await learn(seed, null));
const stateless: number[] = [];
for (const seed of isQuick ? [] : seeds.slice(0, 2))
  stateless.push(await learn(seed, PolicyConfig.parse({ circuit: { kind: "mlp" } })));
console.log(JSON.stringify({ bench: "memory-learning", env: envId, steps: 98_304, seeds, circuit, stateless }));
if (circuit.some((mean) => mean < 475)) throw new Error("the circuit did not stay at 475 or more");
if (stateless.some((mean) => mean >= 200)) throw new Error("a policy without state should not reach 200 here");
