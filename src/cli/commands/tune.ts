import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { makeFolder, writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { tickText } from "../../plot/index.ts";
import { ProgressLine } from "../../run/progress-line.ts";
import { fileNameOf } from "../../run/run-folder.ts";
import { RunLock } from "../../run/run-lock.ts";
import { type SearchSpace, valuesAt } from "../../tune/search-space.ts";
import { Study, type StudyPlan } from "../../tune/study.ts";
import { type Trial, ranked } from "../../tune/trial.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
import { onInterrupt } from "../interrupt.ts";
import { collect, integer, keyValue } from "../option-parsers.ts";
import { type ConfigRequest, type RunConfig, resolveConfig } from "../run-config.ts";
import type { Settings } from "../../settings/settings-schema.ts";
import { type Terminal, processTerminal } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { shortPath } from "../training/print-training.ts";
import { defaultSpaceText, searchSpace } from "../tuning/default-space.ts";
import { runStudy } from "../tuning/run-study.ts";

interface TuneOptions {
  readonly algo?: "ppo" | "bc" | "dagger";
  readonly data?: string;
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly envArg?: Settings;
  readonly import?: readonly string[];
  readonly totalSteps?: number;
  readonly space?: readonly string[];
  readonly trials: number;
  readonly sampler: "tpe" | "random";
  readonly pruning: boolean;
  readonly parallel?: number;
  readonly seed: number;
  readonly study?: string;
  readonly json?: boolean;
}

/** What `tune --json` prints. */
export interface TuneResult {
  readonly study: string;
  readonly trials: Readonly<Record<Trial["state"], number>>;
  /** null while no trial is complete */
  readonly best: Pick<Trial, "id" | "value" | "steps" | "parameters"> | null;
  /** settings of the best trial, for `train --config` */
  readonly config: string | null;
}

const help = (): string => `
A trial is a run like any other, in trials/<n> of the study: plot, evaluate and view it. Its value is the mean return of its final greedy
evaluation; of equal ones the trial with fewer steps is better. Trials that fall behind the median of the others are given up. Ctrl-C saves;
the same command goes on.

Searched unless --space says otherwise:
${defaultSpaceText()}

Examples:
  elegans tune CartPole-v1 --trials 40
  elegans tune CartPole-v1 --space algo.learningRate=1e-4..1e-2:log --space policy.circuit.wiring.units=16..48
  elegans train CartPole-v1 --config tune/CartPole-v1/best.json`;

/** Adds the command `tune`. */
export function addTune(program: Command): void {
  program
    .command("tune")
    .description(
      "Trains with many settings and finds good ones: random search, then a tree-structured Parzen estimator.",
    )
    .argument("<env>", "environment id; elegans envs lists them")
    .option("--trials <n>", "trials in all, those of an interrupted call included", integer(1), 30)
    .option("--space <path=range>", "search this setting: lo..hi, lo..hi:log or a,b,c; may be repeated", collect)
    .addOption(new Option("--sampler <name>", "how to choose what to try").choices(["tpe", "random"]).default("tpe"))
    .option("--no-pruning", "train every trial to its end")
    .option("--parallel <n>", "trials at once, one thread each (default: one per core)", integer(1))
    .option("--seed <n>", "decides what is tried, and is the seed of every trial", integer(0), 0)
    .option("--study <dir>", "folder of the study (default: tune/<env>); an existing one goes on")
    .addOption(new Option("--algo <name>", "how trials learn (default: ppo)").choices(["ppo", "bc", "dagger"]))
    .option("--data <dir>", "dataset to clone, or for --algo dagger to start from")
    .option("--preset <name>", "tuned settings to start from (default: the environment's own, where there is one)")
    .option("--set <name=value>", "change a setting that is not searched; may be repeated", collect)
    .option("--config <file>", "settings as JSON to start from")
    .option("--total-steps <n>", "environment steps or frames of every trial (algo.totalSteps)", integer(1))
    .option("--env-arg <name=value>", "argument of the environment; may be repeated", keyValue)
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", help)
    .action(tune);
}

async function tune(envId: string, options: TuneOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  const request = requestOf(envId, options);
  const base = await resolveConfig(request);
  await importModules(base.env.imports);
  const space = searchSpace(base.algo.kind, options.space ?? []);
  await checkSpace(request, space);
  const { sampler, seed } = options;
  const plan: StudyPlan = { env: envId, sampler, seed, space, base: comparable(base) };
  const folder = options.study ?? join("tune", fileNameOf(envId));
  await makeFolder(join(folder, "trials"));
  const lock = await RunLock.acquire(folder);
  try {
    const path = join(folder, "study.json");
    const study = (await Study.open(path, plan)) ?? (await Study.create(path, plan));
    await search(study, folder, request, options, terminal);
    const result = await resultOf(study, folder, request);
    terminal.say(`\n${trialTable(study)}`);
    if (result.config !== null)
      terminal.say(`\n  train with it:  npx elegans train --config ${shortPath(result.config)}`);
    if (options.json) terminal.json(result);
  } finally {
    await lock.release();
  }
}

/** As JSON gives it back: so that a study's plan can be compared with what is asked for later. */
const comparable = (config: RunConfig): StudyPlan["base"] => JSON.parse(JSON.stringify(config));

function requestOf(envId: string, options: TuneOptions): ConfigRequest {
  return {
    envId,
    algo: options.algo,
    data: options.data === undefined ? undefined : resolve(options.data),
    preset: options.preset,
    file: options.config,
    envArgs: options.envArg ?? {},
    imports: (options.import ?? []).map(absoluteImport),
    sets: options.set ?? [],
    seed: options.seed,
    totalSteps: options.totalSteps,
  };
}

/** Resolves the settings at both ends of every dimension and with every choice, so that a wrong one is told before anything is trained. */
async function checkSpace(request: ConfigRequest, space: SearchSpace): Promise<void> {
  const most = Math.max(2, ...Object.values(space).map((d) => (d.kind === "choice" ? d.options.length : 2)));
  for (let i = 0; i < most; i++) {
    const parameters = valuesAt(space, () => i / (most - 1));
    await resolveConfig({ ...request, sets: [...request.sets, ...assignments(parameters)] });
  }
}

const assignments = (parameters: Trial["parameters"]): string[] =>
  Object.entries(parameters).map(([path, value]) => `${path}=${JSON.stringify(value)}`);

async function search(
  study: Study,
  folder: string,
  request: ConfigRequest,
  { trials: numTrials, pruning, parallel = availableParallelism() }: TuneOptions,
  terminal: Terminal,
): Promise<void> {
  const abort = new AbortController();
  const line = new ProgressLine(terminal.progress);
  const stopListening = onInterrupt(() => {
    line.note("Stopping and saving; press Ctrl-C again to end at once.");
    abort.abort();
  });
  const show = (): void => line.updateText(progressText(study, numTrials));
  const ticker = setInterval(show, 500);
  try {
    await runStudy({
      study,
      folder,
      request,
      isPruned: pruning,
      signal: abort.signal,
      numTrials,
      parallel,
      started: show,
      ended: (trial) => line.note(trialText(trial)),
    });
  } finally {
    clearInterval(ticker);
    line.clear();
    stopListening();
  }
}

function progressText({ trials }: Study, numTrials: number): string {
  const ended = trials.filter(({ state }) => state !== "running").length;
  const [best] = ranked(trials);
  const bestText = best === undefined ? "" : `, best ${best.value!.toFixed(1)} (trial ${best.id})`;
  return `${ended} of ${numTrials} trials, ${trials.length - ended} running${bestText}`;
}

function trialText({ id, state, value, steps, parameters, message }: Trial): string {
  const outcome = message ?? `${state === "running" ? "interrupted" : state}, return ${value?.toFixed(1) ?? "–"}`;
  const settings = Object.entries(parameters).map(([path, setting]) => `${lastName(path)} ${JSON.stringify(setting)}`);
  return `trial ${id}: ${outcome} after ${tickText(steps)} steps (${settings.join(", ")})`;
}

const lastName = (path: string): string => path.split(".").at(-1)!;

async function resultOf(study: Study, folder: string, request: ConfigRequest): Promise<TuneResult> {
  const counts = { running: 0, complete: 0, pruned: 0, failed: 0 };
  for (const { state } of study.trials) counts[state]++;
  const best = ranked(study.trials).find(({ state }) => state === "complete");
  if (best === undefined) return { study: resolve(folder), trials: counts, best: null, config: null };
  const config = join(folder, "best.json");
  const settings = await resolveConfig({ ...request, sets: [...request.sets, ...assignments(best.parameters)] });
  await writeFileAtomic(config, `${JSON.stringify(settings, null, 2)}\n`);
  const { id, value, steps, parameters } = best;
  return { study: resolve(folder), trials: counts, best: { id, value, steps, parameters }, config };
}

/** Most rows of the table. */
const ROWS = 10;

function trialTable({ trials, plan }: Study): string {
  const paths = Object.keys(plan.space);
  const rows = ranked(trials)
    .slice(0, ROWS)
    .map(({ id, state, value, steps, parameters }) => [
      String(id),
      state,
      value!.toFixed(1), // ranked trials have one
      tickText(steps),
      ...paths.map((path) => String(parameters[path])),
    ]);
  return textTable(["trial", "state", "return", "steps", ...paths.map(lastName)], rows);
}
