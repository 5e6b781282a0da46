// Where the time of the whole PPO loop goes: milliseconds per iteration and GFLOP/s of every part, on one core, beside the rate of a product in
// the caches; then what two threads make of it and how long they wait for each other. Medians over iterations. Checks that the timed loop
// gives the policy of an untimed one. `npm run bench -- profile [--quick]`; with `--kernels` parts are split into the kernels they call.
import { createHash } from "node:crypto";
import { createPpoTrainer, type PpoRunConfig } from "../agents/index.ts";
import { resolveSpec } from "../agents/ppo/create-ppo-trainer.ts";
import { KernelPpoLoss } from "../agents/ppo/kernel-ppo-loss.ts";
import { Minibatch } from "../agents/ppo/minibatch.ts";
import { batchSize } from "../agents/ppo/ppo-config.ts";
import { PpoShard } from "../agents/ppo/ppo-shard.ts";
import { PpoWorker, sharedSizes } from "../agents/ppo/ppo-worker.ts";
import { RolloutSums } from "../agents/ppo/rollout-sums.ts";
import { makeEnvs } from "../agents/rollout/make-env.ts";
import { RolloutShard } from "../agents/rollout/rollout-shard.ts";
import { GradientExchange } from "../agents/workers/gradient-exchange.ts";
import { SharedMemory } from "../agents/workers/shared-memory.ts";
import { Adam, AffineMotor, Conv2d, Dense, WiredCfc } from "../src/engine/index.ts";
import { Critic } from "../src/policy/critic.ts";
import { PolicyNetwork } from "../src/policy/policy-network.ts";
import { policyShape } from "../src/policy/policy-shape.ts";
import { median } from "./helpers/median.ts";
import { peakProductRate } from "./helpers/product-rate.ts";
import { Stopwatch } from "./helpers/stopwatch.ts";
import { presetRun } from "./helpers/train-preset.ts";

const isQuick = process.argv.includes("--quick");
const isDetailed = process.argv.includes("--kernels");
const asked = process.argv.slice(2).filter((a) => !a.startsWith("-"));
const envIds = asked.length > 0 ? asked : ["CartPole-v1", "MinAtar/Breakout-v1"];
const round = (x: number, digits = 3): number => Number(x.toFixed(digits));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const untimed = new Map<string, string>();
for (const id of envIds) untimed.set(id, await trainedHash(presetRun(id, 0), 3));

const watch = new Stopwatch();
watchEverything();
const peak = peakProductRate(isQuick ? 100 : 1000);
const profiles = [];
for (const id of envIds)
  profiles.push({ ...profile(presetRun(id, 0)), twoThreads: await twoThreads(presetRun(id, 0)) });
console.log(JSON.stringify({ bench: "profile", node: process.version, peakGflops: round(peak, 1), profiles }));

function watchEverything(): void {
  watch.watchKernels(isDetailed);
  watch.watch(PpoWorker, "iterate", "the rest");
  watch.watch(RolloutShard, "collect", "rollout: sampling, bookkeeping");
  watch.watch(PpoShard, "prepareUpdate", "advantages");
  for (const method of ["writeRollout", "writeTargets", "add", "advantageMoments"] as const)
    watch.watch(RolloutSums, method, "sums over shards");
  watch.watch(Minibatch, "gather", "gather minibatch");
  watch.watch(KernelPpoLoss, "add", "loss");
  watch.watch(GradientExchange, "publish", "exchange gradients");
  watch.watch(GradientExchange, "reduce", "exchange gradients");
  watch.watch(Adam, "gradientNorm", "optimiser");
  watch.watch(Adam, "step", "optimiser");
  watch.watch(PolicyNetwork, "writeRows", "write observations");
  watch.watch(PolicyNetwork, "prepare", "pack weights");
  for (const pass of ["forward", "backward"] as const) {
    watch.watch(Conv2d, pass, `convolution ${pass}`);
    watch.watch(Dense, pass, `dense ${pass}`);
    watch.watch(WiredCfc, pass, `circuit ${pass}`);
    watch.watch(AffineMotor, pass, "motor scales");
    watch.watch(Critic, pass, "critic's own copies");
  }
  watch.watch(WiredCfc, "step", "circuit forward");
}

/** The learner in this thread, its environments watched too. */
function watchedWorker(run: PpoRunConfig): PpoWorker {
  const spec = resolveSpec(run);
  const sizes = sharedSizes(run.algo, spec, policyShape(spec).vectorLength);
  const memory = new ArrayBuffer(SharedMemory.byteLength(sizes));
  const job = { config: run.algo, spec, seed: run.seed, numWorkers: 1, memory, sizes };
  return new PpoWorker(job, 0, (numEnvs) => {
    const env = makeEnvs(run.env, numEnvs);
    watch.watch({ prototype: env }, "step", "environments");
    return env;
  });
}

function profile(run: PpoRunConfig) {
  const worker = watchedWorker(run);
  for (let i = 0; i < 3; i++) worker.iterate();
  if (sha256(worker.policy()) !== untimed.get(run.env.id))
    throw new Error(`${run.env.id}: watching changed the policy`);
  const isSmall = batchSize(run.algo) < 512;
  for (let i = 0; i < (isSmall ? 100 : 3); i++) worker.iterate();
  const [totals, times] = [[] as number[], new Map<string, number[]>()];
  const rounds = (isSmall ? 300 : 30) / (isQuick ? 10 : 1);
  for (let i = 0; i < rounds; i++) {
    watch.clear();
    const start = performance.now();
    worker.iterate();
    totals.push(performance.now() - start);
    for (const [name, { ms }] of watch.parts) times.set(name, [...(times.get(name) ?? []), ms]);
  }
  const parts = [...times]
    .map(([name, samples]) => ({ name, ms: median(samples), flop: watch.parts.get(name)!.flop }))
    .filter(({ ms }) => ms > 0)
    .toSorted((a, b) => b.ms - a.ms)
    .map(({ name, ms, flop }) => ({ name, ms: round(ms), ...(flop > 0 && { gflops: round(flop / ms / 1e6, 1) }) }));
  const steps = batchSize(run.algo);
  return { env: run.env.id, steps, msPerIteration: round(median(totals)), stepsPerSecond: rate(steps, totals), parts };
}

/** Medians of what thread 0 says about its iterations, and the speed of both. */
async function twoThreads(run: PpoRunConfig) {
  const trainer = await createPpoTrainer(run, { numWorkers: 2 });
  const seconds: Record<string, number[]> = { rolloutSeconds: [], updateSeconds: [], waitSeconds: [] };
  const rounds = (batchSize(run.algo) < 512 ? 400 : 40) / (isQuick ? 10 : 1);
  const until = batchSize(run.algo) * rounds;
  let startedAt = 0;
  for (let i = 0; i < rounds; i++) {
    if (i === rounds / 4) startedAt = performance.now();
    const metrics = await trainer.iterate(until);
    for (const [name, samples] of Object.entries(seconds)) samples.push(metrics[name]!);
  }
  const ms = performance.now() - startedAt;
  await trainer.close();
  const stepsPerSecond = Math.round((until * 0.75 * 1000) / ms);
  return {
    stepsPerSecond,
    ...Object.fromEntries(
      Object.entries(seconds).map(([name, s]) => [name.replace("Seconds", "Ms"), round(1000 * median(s))]),
    ),
  };
}

async function trainedHash(run: PpoRunConfig, iterations: number): Promise<string> {
  const trainer = await createPpoTrainer(run, { numWorkers: 0 });
  for (let i = 0; i < iterations; i++) await trainer.iterate();
  const policy = await trainer.policy();
  await trainer.close();
  return sha256(policy);
}

function rate(steps: number, ms: readonly number[]): number {
  return Math.round((steps * 1000) / median(ms));
}
