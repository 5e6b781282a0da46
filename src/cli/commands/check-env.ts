import type { Command } from "commander";
import {
  checkEnv,
  DeprecatedEnv,
  type Env,
  GymError,
  make,
  makeBatch,
  setWarningHandler,
  UnregisteredEnv,
  unwrapped,
} from "gymnasium-js";
import { ConfigError, EnvError } from "../../errors.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
import { collect, keyValue } from "../option-parsers.ts";
import type { Settings } from "../../settings/settings-schema.ts";
import { processTerminal } from "../terminal.ts";

interface CheckEnvOptions {
  readonly envArg?: Settings;
  readonly import?: readonly string[];
  readonly json?: boolean;
}

/** What a check came to: what `check-env --json` prints. */
interface Verdict {
  readonly env: string;
  readonly ok: boolean;
  /** the first breach of the contract: its class, and what came and was expected */
  readonly error: { readonly class: string; readonly message: string } | null;
  /** odd but allowed */
  readonly warnings: readonly string[];
  /** whether `train` can step many of them together; null where an error came first */
  readonly trainable: boolean | null;
}

const about = `
What is checked, with fixed seeds and random actions:
  spaces     exist and hold something
  reset      returns [obs, info]; takes seed and options; the observation is in its space
  seeding    the same seed gives the same observations, another seed other ones
  step       returns [obs, reward, terminated, truncated, info] of the right types; the same action does the same
  snapshot   restore goes on exactly as before
  render     gives a picture or null
  close      may be called twice
A message names the method and every wrong index. Exit code 1: the contract is broken.

Examples:
  elegans check-env CartPole-v1
  elegans check-env Corridor-v0 --import ./my-env.js --env-arg length=8
  elegans check-env Corridor-v0 --import ./my-env.ts     (TypeScript: Node 22.18 or later)`;

/** Adds the command `check-env`. */
export function addCheckEnv(program: Command): void {
  program
    .command("check-env")
    .description("Checks an environment of your own (or any other) before you train on it.")
    .argument("<env>", "id of the environment")
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--env-arg <name=value>", "argument of the environment; may be repeated", keyValue)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", about)
    .action(checkEnvironment);
}

async function checkEnvironment(id: string, options: CheckEnvOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  await importModules((options.import ?? []).map(absoluteImport));
  const verdict = verdictOf(id, options.envArg ?? {});
  const { warnings, error } = verdict;
  for (const warning of warnings) terminal.say(`warning: ${warning}`);
  if (options.json) terminal.json(verdict);
  if (error !== null)
    throw new EnvError("contract-broken", `${id} breaks the contract: ${error.class}: ${error.message}`);
  terminal.say(`${id} keeps the contract${warnings.length === 0 ? "" : " (see the warnings)"}`);
}

function verdictOf(env: string, args: Settings): Verdict {
  const warnings: string[] = [];
  const before = setWarningHandler((message) => warnings.push(message));
  try {
    const error = breachOf(env, args);
    const trainable = error === null ? isTrainable(env, args, warnings) : null;
    return { env, ok: error === null, error, warnings, trainable };
  } finally {
    setWarningHandler(before);
  }
}

/** The first breach of the contract, if any. Throws what is the caller's mistake: an unknown id, wrong arguments. */
function breachOf(env: string, args: Settings): Verdict["error"] {
  let world: Env;
  try {
    world = makeBare(env, args);
  } catch (thrown) {
    if (isCallersMistake(thrown)) throw thrown;
    return describe(thrown);
  }
  try {
    checkEnv(world);
    return null;
  } catch (thrown) {
    return describe(thrown);
  }
}

/** The environment without anything around it, so that it is what is checked. */
function makeBare(id: string, args: Settings): Env {
  try {
    return unwrapped(make(id, args, { disableEnvChecker: true }));
  } catch (error) {
    if (error instanceof TypeError && Object.keys(args).length > 0)
      throw new ConfigError("bad-env-args", error.message, { cause: error });
    throw error;
  }
}

function isCallersMistake(thrown: unknown): boolean {
  const isBadId = thrown instanceof GymError && thrown.code === "GymError";
  return (
    thrown instanceof UnregisteredEnv || thrown instanceof DeprecatedEnv || thrown instanceof ConfigError || isBadId
  );
}

function isTrainable(env: string, args: Settings, warnings: string[]): boolean {
  try {
    makeBatch(env, 1, args).close();
    return true;
  } catch (thrown) {
    warnings.push(`train cannot use it: ${(thrown as Error).message}`);
    return false;
  }
}

/** What the environment's own code throws is a breach too; the first line of its stack says where. */
function describe(thrown: unknown): NonNullable<Verdict["error"]> {
  if (!(thrown instanceof Error)) return { class: typeof thrown, message: `the environment threw ${String(thrown)}` };
  const where = thrown instanceof GymError ? null : /^ +at .*$/m.exec(thrown.stack ?? "");
  return {
    class: thrown.constructor.name,
    message: where === null ? thrown.message : `${thrown.message}\n${where[0]}`,
  };
}
