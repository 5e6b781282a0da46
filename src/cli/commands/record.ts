import { basename } from "node:path";
import type { Command } from "commander";
import type { Env } from "gymnasium-js";
import {
  DEFAULT_PERTURBATION,
  NO_PERTURBATION,
  type PerturbationSettings,
} from "../../../agents/experts/perturbation.ts";
import { ConfigError } from "../../errors.ts";
import type { ActorInfo } from "../../recording/dataset-metadata.ts";
import type { DatasetWriter } from "../../recording/dataset-writer.ts";
import { createPolicyRunner } from "../../policy/create-policy-runner.ts";
import { decodePolicy } from "../../policy/saved-policy.ts";
import { type Actor, breathing, playEpisode, policyActor } from "../../run/play-episode.ts";
import { ProgressLine, count } from "../../run/progress-line.ts";
import { fileNameOf } from "../../run/run-folder.ts";
import { defaultMaxEpisodeSteps } from "../../run/run-plan.ts";
import { summarize } from "../../run/summary.ts";
import { expertActor } from "../../../agents/experts/expert-actor.ts";
import { expertNamed, randomActor } from "../actors.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
import { onInterrupt } from "../interrupt.ts";
import { makeWorld } from "../make-world.ts";
import { checkpointChoice, collect, integer, keyValue, limit, nonNegative } from "../option-parsers.ts";
import { newEpisode, noteOf, openDataset } from "../../recording/env-episodes.ts";
import { readRunPolicy } from "../saved-run.ts";
import type { Settings } from "../../settings/settings-schema.ts";
import { type Terminal, processTerminal } from "../terminal.ts";
import { returnText, shortPath } from "../training/print-training.ts";
import { SeedSequence, defaultRng } from "gymnasium-js";

interface RecordOptions {
  readonly expert?: string;
  readonly run?: string;
  readonly random?: boolean;
  readonly episodes: number;
  readonly seed: number;
  readonly maxEpisodeSteps: number;
  readonly out?: string;
  readonly envArg?: Settings;
  readonly import?: readonly string[];
  readonly disturbance: boolean;
  readonly noise?: number;
  readonly pushes?: number;
  readonly randomActions?: number;
  readonly stochastic?: boolean;
  readonly checkpoint?: "latest" | "best" | number;
  readonly json?: boolean;
}

/** Who acts, and what is noted about it. */
interface Performer {
  readonly actor: Actor;
  readonly info: ActorInfo;
  readonly policySpec?: unknown;
}

const examples = `
Experts are disturbed while they act, so that whoever learns from them sees how to recover; what the expert
wanted is kept beside what was done (infos.label). --no-disturbance leaves them alone.

Examples:
  elegans record LaneKeeping-v0 --expert pure-pursuit --episodes 40
  elegans record CartPole-v1 --run runs/CartPole-v1-1 --episodes 10 --out data/balance
  elegans record CartPole-v1 --random --episodes 5 --out data/noise`;

/** Adds the command `record`. */
export function addRecord(program: Command): void {
  program
    .command("record")
    .description(
      "Plays episodes and appends them to a dataset (Minari's layout, see docs/episode-format.md). A kill keeps all finished ones.",
    )
    .argument("<env>", "environment id; elegans envs lists them")
    .option("--expert <name>", "a scripted expert acts")
    .option("--run <dir>", "the policy of a run acts")
    .option("--random", "random actions")
    .option("--episodes <n>", "episodes to record", integer(1), 10)
    .option("--seed <n>", "decides the episodes", integer(0), 0)
    .option("--max-episode-steps <n>", "cut longer episodes there, or none", limit, defaultMaxEpisodeSteps)
    .option("--out <dir>", "dataset to append to (default: data/<env>)")
    .option("--env-arg <name=value>", "argument of the environment; may be repeated", keyValue)
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--no-disturbance", "let the expert act undisturbed")
    .option("--noise <sigma>", "continuous actions: deviation of slow noise, in action units", nonNegative)
    .option("--pushes <n>", "continuous actions: pushes off course per 1000 steps", nonNegative)
    .option("--random-actions <share>", "discrete actions: share that is replaced by random ones", nonNegative)
    .option("--stochastic", "with --run: draw actions instead of taking the likeliest")
    .option("--checkpoint <which>", "with --run: latest, best or a step (default: best)", checkpointChoice)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", examples)
    .action(record);
}

async function record(envId: string, options: RecordOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  await importModules((options.import ?? []).map(absoluteImport));
  const world = { id: envId, args: (options.envArg ?? {}) as Record<string, never>, imports: [] }; // values are JSON
  const env = makeWorld(world.id, world.args);
  const performer = await performerOf(env, envId, options);
  const out = options.out ?? `data/${fileNameOf(envId)}`;
  const writer = await openDataset(out, world, env);
  const result = await recordEpisodes(env, performer, writer, options, terminal);
  env.close();
  const { returns, steps } = result;
  const summary = returns.length === 0 ? null : summarize(returns);
  const text = summary === null ? "" : `, return ${returnText(summary)}`;
  terminal.say(
    `Recorded ${returns.length} episodes, ${count(steps)} steps${text} → ${shortPath(out)} (now ${writer.numEpisodes} episodes)`,
  );
  if (options.json)
    terminal.json({
      env: envId,
      dataset: out,
      episodes: returns.length,
      steps,
      totalEpisodes: writer.numEpisodes,
      return: summary,
    });
}

async function recordEpisodes(
  env: Env,
  { actor, info, policySpec }: Performer,
  writer: DatasetWriter,
  { episodes, seed, maxEpisodeSteps }: RecordOptions,
  terminal: Terminal,
): Promise<{ returns: number[]; steps: number }> {
  const line = new ProgressLine(terminal.progress);
  const abort = new AbortController();
  const stopListening = onInterrupt(() => abort.abort());
  const pause = breathing();
  const returns: number[] = [];
  let steps = 0;
  const startedAt = performance.now();
  const show = (stepsOfNext: number): void =>
    line.updateText(progressText(returns, episodes, steps + stepsOfNext, performance.now() - startedAt));
  const breathe = (stepsOfNext: number): ReturnType<typeof pause> => {
    abort.signal.throwIfAborted(); // the episode under way is not kept
    show(stepsOfNext);
    return pause(stepsOfNext);
  };
  for (const episodeSeed of recordingSeeds(seed, episodes)) {
    if (abort.signal.aborted) break;
    const builder = newEpisode(env);
    const playing = playEpisode(env, actor, episodeSeed, { breathe, builder, maxSteps: maxEpisodeSteps });
    const episode = await unlessAborted(playing, abort.signal);
    if (episode === null) break;
    await writer.add(builder.finish(), noteOf(episode, info, policySpec));
    returns.push(episode.return);
    steps += episode.length;
    show(0);
  }
  line.clear();
  stopListening();
  return { returns, steps };
}

/** What comes of it, or null where the signal ended it. */
const unlessAborted = <T>(result: Promise<T>, signal: AbortSignal): Promise<T | null> =>
  result.catch((error: unknown) => {
    if (error !== signal.reason) throw error;
    return null;
  });

function progressText(returns: readonly number[], episodes: number, steps: number, ms: number): string {
  const last = returns.length === 0 ? "" : `   return ${returns.at(-1)!.toFixed(1)}`;
  const rate = count(Math.round((steps / ms) * 1000));
  return `  episode ${returns.length} / ${episodes}   ${count(steps)} steps   ${rate} steps/s${last}`;
}

/** Seeds of demonstrations, apart from those of evaluations with the same seed. */
const recordingSeeds = (seed: number, episodes: number): Uint32Array =>
  new SeedSequence([seed, 0xde30]).generateState(episodes);

async function performerOf(env: Env, envId: string, options: RecordOptions): Promise<Performer> {
  const asked = [options.expert, options.run, options.random].filter((choice) => choice !== undefined);
  if (asked.length !== 1)
    throw new ConfigError("bad-actor", "who acts? give one of --expert NAME, --run DIR, --random");
  if (options.expert !== undefined) {
    const expert = expertNamed(options.expert, envId);
    return { actor: expertActor(expert, disturbanceOf(options)), info: { kind: "expert", name: expert.name } };
  }
  if (options.run === undefined) return { actor: randomActor(env), info: { kind: "random", name: "random" } };
  return policyPerformer(options.run, envId, options);
}

async function policyPerformer(path: string, envId: string, options: RecordOptions): Promise<Performer> {
  const { config, policy, policySha256, step, folder } = await readRunPolicy(path, options.checkpoint ?? "best");
  if (config.env.id !== envId)
    throw new ConfigError("other-env", `--run ${path} was trained on ${config.env.id}, not on ${envId}`);
  const saved = decodePolicy(policy);
  const draws = (seed: number): (() => number) => {
    const rng = defaultRng(new SeedSequence([seed, 1]));
    return () => rng.random();
  };
  return {
    actor: policyActor(createPolicyRunner(saved), options.stochastic ? draws : null),
    info: { kind: "policy", name: basename(folder.path), step, policySha256 },
    policySpec: saved.spec,
  };
}

function disturbanceOf({ disturbance, noise, pushes, randomActions }: RecordOptions): PerturbationSettings | null {
  if (!disturbance) return null;
  const base =
    noise === undefined && pushes === undefined && randomActions === undefined ? DEFAULT_PERTURBATION : NO_PERTURBATION;
  return {
    ...base,
    ...(noise === undefined ? {} : { noise }),
    ...(pushes === undefined ? {} : { pushes, pushSize: DEFAULT_PERTURBATION.pushSize }),
    ...(randomActions === undefined ? {} : { randomActions }),
  };
}
