// Cost of a step of the whole PPO loop on MinAtar Breakout, in microseconds, by threads (1, 2), environments (8 … 1024) and neurons (16 … 256).
// Checks at every size that two threads give the policy of one. `npm run bench -- scaling [--quick] [--svg FILE]` also draws the table.
// Threads run what was built: `npm run build` first.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createPpoTrainer, PpoConfig, type PpoRunConfig } from "../agents/index.ts";
import { batchSize } from "../agents/ppo/ppo-config.ts";
import { PolicyConfig } from "../src/index.ts";
import { drawScaling, type ScalingPoint } from "./helpers/draw-scaling.ts";

const isQuick = process.argv.includes("--quick");
const seconds = isQuick ? 0.3 : 1;
const allEnvs = isQuick ? [8, 64] : [8, 16, 32, 64, 128, 256, 512, 1024];
const allNeurons = isQuick ? [16, 64] : [16, 32, 64, 128, 256];
const FIXED = { envs: 32, neurons: 48 };

function runOf(envs: number, neurons: number): PpoRunConfig {
  const policy = {
    encoder: { kind: "minatar" },
    circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: neurons }, masking: "ncps" },
  };
  const algo = { numEnvs: envs, numSteps: 32, numEpochs: 3, numMinibatches: 4, totalSteps: 1e9 };
  return {
    env: { id: "MinAtar/Breakout-v1", args: {}, imports: [] },
    policy: PolicyConfig.parse(policy),
    algo: PpoConfig.parse(algo),
    seed: 0,
  };
}

async function measure(envs: number, neurons: number): Promise<ScalingPoint[]> {
  const run = runOf(envs, neurons);
  const points: ScalingPoint[] = [];
  const hashes = new Set<string>();
  for (const threads of [1, 2]) {
    const trainer = await createPpoTrainer(run, { numWorkers: threads });
    for (let i = 0; i < 2; i++) await trainer.iterate();
    hashes.add(
      createHash("sha256")
        .update(await trainer.policy())
        .digest("hex"),
    );
    const [from, startedAt] = [trainer.numSteps, performance.now()];
    while (performance.now() - startedAt < 1000 * seconds) await trainer.iterate();
    const microseconds = ((performance.now() - startedAt) * 1000) / (trainer.numSteps - from);
    points.push({ envs, neurons, threads, microsecondsPerStep: Number(microseconds.toFixed(2)) });
    await trainer.close();
  }
  if (hashes.size !== 1)
    throw new Error(`${envs} environments, ${neurons} neurons: 1 and 2 threads gave different policies`);
  if (batchSize(run.algo) !== 32 * envs) throw new Error("a batch is 32 steps of every environment");
  return points;
}

const byEnvs = [];
for (const envs of allEnvs) byEnvs.push(...(await measure(envs, FIXED.neurons)));
const byNeurons = [];
for (const neurons of allNeurons) byNeurons.push(...(await measure(FIXED.envs, neurons)));
const file = process.argv.includes("--svg") ? process.argv[process.argv.indexOf("--svg") + 1] : undefined;
if (file !== undefined) writeFileSync(file, drawScaling(byEnvs, byNeurons));
console.log(JSON.stringify({ bench: "scaling", node: process.version, fixed: FIXED, byEnvs, byNeurons }));
