import { type Command, Option } from "commander";
import { absoluteImport } from "../import-modules.ts";
import { checkpointChoice, collect, integer, keyValue, port } from "../option-parsers.ts";
import { runSchema } from "../run-config.ts";
import { settingsHelp } from "../settings/settings-help.ts";
import type { Settings } from "../settings/settings-schema.ts";
import { processTerminal } from "../terminal.ts";
import type { OpenRequest } from "../training/open-run.ts";
import { trainCommand } from "../training/train-command.ts";

interface TrainOptions {
  readonly preset?: string;
  readonly set?: readonly string[];
  readonly config?: string;
  readonly envArg?: Settings;
  readonly import?: readonly string[];
  readonly totalSteps?: number;
  readonly evalEpisodes?: number;
  readonly seed?: number;
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
  elegans train Mine-v0 --import ./my-env.mjs          an environment of your own
`;

/** Adds the command `train`. */
export function addTrain(program: Command): void {
  program
    .command("train")
    .summary("train a policy")
    .description("Trains a neural circuit policy and evaluates it. Ctrl-C saves; --resume goes on, to the bit.")
    .argument("[env]", "environment id; elegans envs lists them")
    .addOption(new Option("--algo <name>", "how to learn").choices(["ppo"]).default("ppo"))
    .option("--preset <name>", "tuned settings to start from (default: the environment's own, where there is one)")
    .option("--set <name=value>", "change one setting, listed below; may be repeated", collect)
    .option("--config <file>", "settings as JSON, such as a run's config.json")
    .option("--env-arg <name=value>", "argument of the environment; may be repeated", keyValue)
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--total-steps <n>", "environment steps of the whole run (algo.totalSteps)", integer(1))
    .option("--eval-episodes <n>", "episodes of the final evaluation (evaluation.finalEpisodes)", integer(1))
    .option("--seed <n>", "decides everything that is random", integer(0))
    .option("--workers <n>", "threads that compute; changes nothing but speed (default: one per core)", integer(1))
    .addOption(
      new Option("--executor <name>", "our kernels, or TensorFlow.js in one thread: slower, equal up to rounding")
        .choices(["wasm", "tfjs"])
        .default("wasm"),
    )
    .option("--run <dir>", "folder of the run (default: the next free runs/<env>-<n>)")
    .option("--resume", "go on with the run in --run")
    .option("--checkpoint <which>", "where to go on: latest, best or a step", checkpointChoice)
    .option("--view", "serve the viewer while training, and afterwards until Ctrl-C")
    .option("--port <n>", "port of the viewer (default: any free one)", port)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText(
      "after",
      () => `${examples}\nSettings (--set NAME=VALUE, or --config FILE):\n${settingsHelp(runSchema)}`,
    )
    .action(async (envId: string | undefined, options: TrainOptions) => {
      const terminal = processTerminal(options.json ?? false);
      const result = await trainCommand(requestOf(envId, options), options, terminal);
      if (options.json) terminal.json(result);
    });
}

function requestOf(envId: string | undefined, options: TrainOptions): OpenRequest {
  const { evalEpisodes } = options;
  const finalEpisodes = evalEpisodes === undefined ? [] : [`evaluation.finalEpisodes=${evalEpisodes}`];
  return {
    envId,
    envArgs: options.envArg ?? {},
    imports: (options.import ?? []).map(absoluteImport),
    preset: options.preset,
    file: options.config,
    sets: [...(options.set ?? []), ...finalEpisodes],
    seed: options.seed,
    totalSteps: options.totalSteps,
    run: options.run,
    resume: options.resume ?? false,
    checkpoint: options.checkpoint ?? "latest",
    command: process.argv.slice(2),
  };
}
