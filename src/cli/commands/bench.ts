import { availableParallelism, cpus } from "node:os";
import type { Command } from "commander";
import { sha256 } from "../../checkpoint/manifest.ts";
import { KernelError } from "../../errors.ts";
import { createPolicyRunner } from "../../policy/create-policy-runner.ts";
import { decodePolicy } from "../../policy/saved-policy.ts";
import { evaluatePolicy } from "../../run/evaluate-policy.ts";
import { count } from "../../run/progress-line.ts";
import { packageVersion } from "../../run/run-info.ts";
import { integer } from "../option-parsers.ts";
import { makeWorld } from "../make-world.ts";
import { resolveConfig } from "../run-config.ts";
import { type Terminal, processTerminal } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { createTrainer } from "../training/create-trainer.ts";

interface BenchOptions {
  readonly totalSteps: number;
  readonly json?: boolean;
}

/** What `bench --json` prints: steps per second by what was measured. */
export interface BenchResult {
  readonly env: string;
  readonly machine: { readonly cpu: string; readonly node: string; readonly elegans: string };
  readonly training: readonly { readonly workers: number; readonly stepsPerSecond: number }[];
  /** whole greedy episodes with the trained policy: world and policy together */
  readonly playing: { readonly stepsPerSecond: number };
}

/** Adds the command `bench`. */
export function addBench(program: Command): void {
  program
    .command("bench")
    .description(
      "Trains a world's preset for some steps with one thread and with all, checks that both give the same policy, and plays with it.",
    )
    .argument("[env]", "environment id; elegans envs lists them", "CartPole-v1")
    .option("--total-steps <n>", "environment steps of every training", integer(1), 100_000)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .action(bench);
}

async function bench(envId: string, { totalSteps, json = false }: BenchOptions): Promise<void> {
  const terminal = processTerminal(json);
  const config = await resolveConfig({ envId, envArgs: {}, imports: [], sets: [], totalSteps, seed: 0 });
  const all = Math.min(availableParallelism(), config.algo.numShards);
  const trained = [];
  for (const workers of new Set([1, all])) trained.push(await train(config, workers, terminal));
  if (new Set(trained.map(({ policy }) => sha256(policy))).size > 1)
    throw new KernelError("bench-differs", "internal: different numbers of threads gave different policies");
  const runner = createPolicyRunner(decodePolicy(trained[0]!.policy)); // trained with one thread at least
  const played = await evaluatePolicy(runner, makeWorld(envId, config.env.args), {
    episodes: 20,
    seed: 0,
    maxEpisodeSteps: config.evaluation.maxEpisodeSteps,
  });
  const result: BenchResult = {
    env: envId,
    machine: { cpu: cpus()[0]?.model.trim() ?? "unknown", node: process.version, elegans: packageVersion() },
    training: trained.map(({ workers, stepsPerSecond }) => ({ workers, stepsPerSecond })),
    playing: { stepsPerSecond: Math.round(played.stepsPerSecond) },
  };
  terminal.say(benchText(result));
  if (json) terminal.json(result);
}

async function train(config: Awaited<ReturnType<typeof resolveConfig>>, workers: number, terminal: Terminal) {
  terminal.note(`Training ${config.env.id} with ${workers === 1 ? "1 thread" : `${workers} threads`} …`);
  const trainer = await createTrainer(config, { checkpoint: null }, { workers });
  try {
    await trainer.iterate(); // code is compiled in the first one
    const [from, startedAt] = [trainer.numSteps, performance.now()];
    const until = Math.max(config.algo.totalSteps, from + 1);
    while (trainer.numSteps < until) await trainer.iterate(until);
    const seconds = (performance.now() - startedAt) / 1000;
    const stepsPerSecond = seconds > 0 ? Math.round((trainer.numSteps - from) / seconds) : 0;
    return { workers, stepsPerSecond, policy: await trainer.policy() };
  } finally {
    await trainer.close();
  }
}

function benchText({ env, machine, training, playing }: BenchResult): string {
  const rows = [
    ...training.map(({ workers, stepsPerSecond }) => [`training, threads: ${workers}`, count(stepsPerSecond)]),
    ["playing greedily", count(playing.stepsPerSecond)],
  ];
  return `${env} on ${machine.cpu}, Node ${machine.node}\n${textTable(["what", "steps/s"], rows)}`;
}
