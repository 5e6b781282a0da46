import { basename } from "node:path";
import type { Command } from "commander";
import { summarizeDriving } from "gymnasium-js";
import { type Evaluation, lastInfos, numCut } from "../../run/evaluate-policy.ts";
import { ProgressLine, count, episodesText } from "../../run/progress-line.ts";
import type { Summary } from "../../run/summary.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
import { checkpointChoice, collect, integer, keyValue, limit } from "../option-parsers.ts";
import { policyKeeper } from "../recording.ts";
import type { RunConfig } from "../run-config.ts";
import { type RunPolicy, readRunPolicy } from "../saved-run.ts";
import type { Settings } from "../../settings/settings-schema.ts";
import { processTerminal } from "../terminal.ts";
import { evaluateInWorld } from "../training/evaluate-config.ts";
import { cutText, returnText, shortPath } from "../training/print-training.ts";

interface EvaluateOptions {
  readonly episodes: number;
  readonly seed: number;
  readonly envArg?: Settings;
  readonly import?: readonly string[];
  readonly maxEpisodeSteps?: number;
  readonly stochastic?: boolean;
  readonly checkpoint?: "latest" | "best" | number;
  readonly record?: string;
  readonly json?: boolean;
}

/** What `evaluate --json` prints. */
export interface EvaluateResult {
  readonly env: string;
  /** path of the evaluated checkpoint */
  readonly policy: string;
  readonly policySha256: string;
  readonly episodes: number;
  readonly seed: number;
  readonly return: Summary;
  readonly length: { readonly mean: number };
  /** episodes that went on for too long and were cut */
  readonly cutEpisodes: number;
  /** what only this environment measures */
  readonly metrics: Readonly<Record<string, number>>;
  readonly stepsPerSecond: number;
}

/** Adds the command `evaluate`. */
export function addEvaluate(program: Command): void {
  program
    .command("evaluate")
    .description(
      "Plays whole episodes, greedily unless told otherwise. The same seed plays the same episodes. Training is not touched.",
    )
    .argument("<run>", "folder of a run")
    .option("--episodes <n>", "episodes to play", integer(1), 100)
    .option("--seed <n>", "decides the episodes", integer(0), 0)
    .option(
      "--max-episode-steps <n>",
      "cut longer episodes there, or none (default: the run's evaluation.maxEpisodeSteps)",
      limit,
    )
    .option("--env-arg <name=value>", "change an argument of the environment; may be repeated", keyValue)
    .option("--import <file>", "another module to load first; may be repeated", collect)
    .option("--stochastic", "draw actions instead of taking the likeliest")
    .option("--checkpoint <which>", "policy to evaluate: latest, best or a step (default: best)", checkpointChoice)
    .option("--record <dir>", "record the episodes into a dataset", String)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .action(evaluate);
}

async function evaluate(path: string, options: EvaluateOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  const run = await readRunPolicy(path, options.checkpoint ?? "best");
  const world = { ...run.config.env, args: { ...run.config.env.args, ...options.envArg } } as RunConfig["env"]; // args are JSON
  await importModules([...world.imports, ...(options.import ?? []).map(absoluteImport)]);
  const { episodes, seed, stochastic = false } = options;
  const { maxEpisodeSteps = run.config.evaluation.maxEpisodeSteps } = options;
  const about = { count: episodes, name: basename(run.folder.path), step: run.step };
  const keeper = options.record === undefined ? {} : { keeper: policyKeeper(options.record, world, run.policy, about) };
  const line = new ProgressLine(terminal.progress);
  const evaluation = await evaluateInWorld(world, run.policy, {
    episodes,
    seed,
    stochastic,
    maxEpisodeSteps,
    onProgress: (done, steps) => line.updateText(`  ${episodesText("playing", episodes, done, steps)}`),
    ...keeper,
  });
  line.clear();
  const result = resultOf(run, options, evaluation);
  terminal.say(evaluationText(result, run, stochastic));
  if (options.json) terminal.json(result);
}

function resultOf(run: RunPolicy, { episodes, seed }: EvaluateOptions, evaluation: Evaluation): EvaluateResult {
  return {
    env: run.config.env.id,
    policy: run.folder.checkpoints.pathOf(run.step),
    policySha256: run.policySha256,
    episodes,
    seed,
    return: evaluation.return,
    length: { mean: evaluation.length.mean },
    cutEpisodes: numCut(evaluation),
    metrics: summarizeDriving(lastInfos(evaluation)) ?? {},
    stepsPerSecond: evaluation.stepsPerSecond,
  };
}

function evaluationText(result: EvaluateResult, run: RunPolicy, stochastic: boolean): string {
  const { return: returns, length } = result;
  const interval = returns.ci95 === null ? "" : `, 95 % interval ${returns.ci95.map((v) => v.toFixed(1)).join(" … ")}`;
  const episodes = `${result.episodes} ${stochastic ? "stochastic" : "greedy"} ${result.episodes === 1 ? "episode" : "episodes"}${cutText(result.cutEpisodes)}`;
  return [
    `${result.env}: policy of ${shortPath(run.folder.path)} at step ${count(run.step)}, ${episodes}, seed ${result.seed}`,
    `  return  ${returnText(returns)}   min ${returns.min.toFixed(1)}, max ${returns.max.toFixed(1)}${interval}`,
    `  length  ${length.mean.toFixed(1)} steps`,
    ...Object.entries(result.metrics).map(([name, value]) => `  ${name}  ${value.toPrecision(4)}`),
    `  speed   ${count(Math.round(result.stepsPerSecond))} steps/s`,
  ].join("\n");
}
