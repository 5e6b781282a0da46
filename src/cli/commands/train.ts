import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { fileNameOf } from "../../run/run-folder.ts";
import { absoluteImport } from "../import-modules.ts";
import { checkpointChoice, collect, integer, keyValue, port, seedRange } from "../option-parsers.ts";
import { runSchema } from "../run-config.ts";
import { settingsHelp } from "../settings/settings-help.ts";
import type { Settings } from "../../settings/settings-schema.ts";
import { processTerminal } from "../terminal.ts";
import type { OpenRequest } from "../training/open-run.ts";
import { trainCommand } from "../training/train-command.ts";
import { trainSeeds } from "../training/train-seeds.ts";

interface TrainOptions {
  readonly algo?: "ppo" | "bc" | "dagger";
  readonly data?: string;
  readonly fastMath?: boolean;
  readonly initFrom?: string;
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly envArg?: Settings;
  readonly import?: readonly string[];
  readonly totalSteps?: number;
  readonly evalEpisodes?: number;
  readonly seed?: number;
  readonly seeds?: readonly number[];
  readonly workers?: number;
  readonly executor?: "wasm" | "tfjs";
  readonly run?: string;
  readonly resume?: boolean;
  readonly checkpoint?: "latest" | "best" | number;
  readonly view?: boolean;
  readonly port?: number;
  readonly json?: boolean;
}

const examples = `
Examples:
  elegans train CartPole-v1                            with its preset, into runs/CartPole-v1-1
  elegans train CartPole-v1 --seed 3 --view            and watch it learn in the browser
  elegans train CartPole-v1 --set algo.learningRate=1e-3 --set policy.circuit.wiring.units=24
  elegans train CartPole-v1 --run runs/mine --resume   go on with a run that was stopped
  elegans train LaneKeeping-v0 --algo dagger           an expert puts right what the learner does
  elegans train Mine-v0 --import ./my-env.mjs          an environment of your own
`;

const cloneExamples = `
Examples:
  elegans record LaneKeeping-v0 --expert pure-pursuit --episodes 40
  elegans clone LaneKeeping-v0                         learns from data/LaneKeeping-v0
  elegans clone CartPole-v1 --data data/balance --set algo.totalSteps=100000
`;

/** Adds the commands `train` and `clone`. */
export function addTrain(program: Command): void {
  const train = program
    .command("train")
    .description("Trains a neural circuit policy and evaluates it. Ctrl-C saves; --resume goes on, to the bit.")
    .addOption(
      new Option(
        "--algo <name>",
        "how to learn: by trying (ppo, the default), from --data (bc), from an expert who is asked on the way (dagger)",
      ).choices(["ppo", "bc", "dagger"]),
    )
    .option(
      "--data <dir>",
      "dataset to clone, or for --algo dagger to start from (algo.data); elegans record makes one",
    );
  addTrainingOptions(train, examples).action((envId: string | undefined, options: TrainOptions) => run(envId, options));
}

/** Adds the command `clone`: `train --algo bc`, with the dataset where `record` puts it. */
export function addClone(program: Command): void {
  const clone = program
    .command("clone")
    .description("Trains a policy to act as recorded experts did (behaviour cloning), and evaluates it.")
    .option("--data <dir>", "dataset to learn from (default: data/<env>)");
  addTrainingOptions(clone, cloneExamples).action((envId: string | undefined, options: TrainOptions) => {
    const isNew = options.resume !== true && options.config === undefined && envId !== undefined;
    const data = options.data ?? (isNew ? `data/${fileNameOf(envId)}` : undefined);
    return run(envId, { ...options, algo: "bc", ...(data !== undefined && { data }) });
  });
}

function addTrainingOptions(command: Command, exampleText: string): Command {
  return command
    .argument("[env]", "environment id; elegans envs lists them")
    .option("--preset <name>", "tuned settings to start from (default: the environment's own, where there is one)")
    .option("--set <name=value>", "change one setting, listed below; may be repeated", collect)
    .option("--config <file>", "settings as JSON, such as a run's config.json")
    .option("--env-arg <name=value>", "argument of the environment; may be repeated", keyValue)
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--total-steps <n>", "environment steps or frames of the whole run (algo.totalSteps)", integer(1))
    .option("--eval-episodes <n>", "episodes of the final evaluation (evaluation.finalEpisodes)", integer(1))
    .option("--seed <n>", "decides everything that is random", integer(0))
    .option("--seeds <a..b>", "one run per seed, as many at once as there are cores, and a comparison", seedRange)
    .option(
      "--workers <n>",
      "threads that compute; changes nothing but speed (default: one per core, one where updates are small)",
      integer(1),
    )
    .addOption(
      new Option("--executor <name>", "our kernels, or TensorFlow.js in one thread: slower, equal up to rounding")
        .choices(["wasm", "tfjs"])
        .default("wasm"),
    )
    .option("--fast-math", "fused multiply-add: faster, not the same bits on every machine; Node >= 22 (algo.fastMath)")
    .option("--init-from <run>", "start from the weights of another run, or of a policy.safetensors")
    .option("--run <dir>", "folder of the run (default: the next free runs/<env>-<n>)")
    .option("--resume", "go on with the run in --run")
    .option("--checkpoint <which>", "where to go on: latest, best or a step", checkpointChoice)
    .option("--view", "serve the viewer while training, and afterwards until Ctrl-C")
    .option("--port <n>", "port of the viewer (default: any free one)", port)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", () => exampleText + settingsText(command.name() === "clone" ? "bc" : undefined));
}

/** What `--set` can change, as wide as the terminal. */
function settingsText(algo: string | undefined): string {
  const width = Math.min(Math.max(process.stdout.columns ?? 100, 80), 120);
  return `\nSettings, for --set GROUP.NAME=VALUE or --config FILE:\n${settingsHelp(runSchema, width, algo)}`;
}

async function run(envId: string | undefined, options: TrainOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  const request = requestOf(envId, options);
  const result =
    options.seeds === undefined
      ? await trainCommand(request, options, terminal)
      : await trainSeeds(request, options.seeds, options, terminal);
  if (options.json) terminal.json(result);
}

function requestOf(envId: string | undefined, options: TrainOptions): OpenRequest {
  const { evalEpisodes, fastMath } = options;
  const fast = fastMath === true ? ["algo.fastMath=true"] : [];
  const finalEpisodes = evalEpisodes === undefined ? [] : [`evaluation.finalEpisodes=${evalEpisodes}`];
  return {
    envId,
    algo: options.algo,
    data: options.data === undefined ? undefined : resolve(options.data),
    envArgs: options.envArg ?? {},
    imports: (options.import ?? []).map(absoluteImport),
    preset: options.preset,
    file: options.config,
    sets: [...(options.set ?? []), ...finalEpisodes, ...fast],
    seed: options.seed,
    totalSteps: options.totalSteps,
    run: options.run,
    resume: options.resume ?? false,
    checkpoint: options.checkpoint ?? "latest",
    command: process.argv.slice(2),
  };
}
