import { readFile } from "node:fs/promises";
import { z } from "zod";
import { BcConfig } from "../../agents/bc/bc-config.ts";
import { DaggerConfig } from "../../agents/dagger/dagger-config.ts";
import { PpoConfig } from "../../agents/ppo/ppo-config.ts";
import { presetsFor } from "../../agents/presets/presets.ts";
import { ConfigError } from "../errors.ts";
import { PolicyConfig } from "../policy/policy-config.ts";
import { CheckpointConfig, EvaluationConfig } from "../run/run-plan.ts";
import { mergeSettings } from "./settings/merge-settings.ts";
import { type Assignment, applyAssignment, parseAssignment } from "./settings/set-option.ts";
import { settingsError } from "../settings/settings-issues.ts";
import { type SchemaNode, type Settings, isSettings } from "../settings/settings-schema.ts";

/** The world that a run trains in. */
export const EnvConfig = z
  .strictObject({
    id: z.string().min(1).describe("environment id; `elegans envs` lists them"),
    args: z
      .record(z.string(), z.json())
      .default({})
      .describe("arguments of the environment (--env-arg); maxEpisodeSteps limits the episodes of any"),
    imports: z.array(z.string()).default([]).describe("modules that register environments (--import)"),
  })
  .readonly();

/** Everything that decides what a run computes; `config.json` of a run. */
export const RunConfig = z
  .strictObject({
    version: z.literal(1).default(1),
    env: EnvConfig,
    seed: z.int().nonnegative().default(0).describe("decides wiring, weights, environments, actions and evaluation"),
    policy: PolicyConfig.prefault({}),
    algo: z.discriminatedUnion("kind", [PpoConfig, BcConfig, DaggerConfig]).prefault({ kind: "ppo" }),
    evaluation: EvaluationConfig.prefault({}),
    checkpoint: CheckpointConfig.prefault({}),
  })
  .readonly();
/** See the schema of the same name. */
export type RunConfig = z.infer<typeof RunConfig>;

/** The settings as a JSON schema, from which help and messages are made. */
export const runSchema = z.toJSONSchema(RunConfig, { io: "input", unrepresentable: "any" }) as SchemaNode; // a subset of it

/** What the command line says about the settings of a run. */
export interface ConfigRequest {
  readonly envId?: string | undefined;
  readonly envArgs: Settings;
  /** absolute paths or module names */
  readonly imports: readonly string[];
  /** how to learn; absent: as the file says, or by cloning `data`, or by PPO */
  readonly algo?: "ppo" | "bc" | "dagger" | undefined;
  /** dataset with demonstrations */
  readonly data?: string | undefined;
  /** preset name; absent: `default` where there is one */
  readonly preset?: string | undefined;
  /** JSON file */
  readonly file?: string | undefined;
  /** `a.b=value` */
  readonly sets: readonly string[];
  readonly seed?: number | undefined;
  readonly totalSteps?: number | undefined;
}

/** Resolves defaults < preset < file < options < --set. Throws ConfigError naming every wrong setting and where it came from, or `unexpected-data`. */
export async function resolveConfig(request: ConfigRequest): Promise<RunConfig> {
  const file = request.file === undefined ? {} : await readSettings(request.file);
  const envId = request.envId ?? envIdOf(file);
  if (envId === undefined)
    throw new ConfigError(
      "missing-env",
      "no environment was named: elegans train <env>, for example elegans train CartPole-v1",
    );
  const algo = algoOf(request, file);
  // What the file names is not set again, so that what is wrong with it is said of the file.
  const assignments = assignmentsOf({ ...request, algo: namesAlgo(file) ? request.algo : algo });
  const base = mergeSettings(mergeSettings(presetOf(envId, algo, request.preset), ofKind(file, algo)), {
    env: { ...(isSettings(file["env"]) ? file["env"] : {}), id: envId },
  });
  const withImports = request.imports.length === 0 ? base : mergeSettings(base, { env: { imports: request.imports } });
  return checkConfig(applyAll(withImports, assignments), assignments, file, request.file);
}

/**
 * The config of a run that goes on. Options may repeat what the run was started with, but not change it.
 *
 * Throws ConfigError `changed-setting`.
 */
export async function resumedConfig(saved: unknown, path: string, request: ConfigRequest): Promise<RunConfig> {
  const config = checkConfig(isSettings(saved) ? saved : {}, [], isSettings(saved) ? saved : {}, path);
  const file = request.file === undefined ? {} : await readSettings(request.file);
  const over = mergeSettings(file, request.envId === undefined ? {} : { env: { id: request.envId } });
  const assignments = assignmentsOf(request);
  const asked = checkConfig(applyAll(mergeSettings(config, over), assignments), assignments, file, request.file);
  const [difference] = differences(config, asked, []);
  if (difference !== undefined)
    throw new ConfigError(
      "changed-setting",
      `--resume goes on with the settings that ${path} was started with: ${difference.path} is ${JSON.stringify(difference.a)} there, ${JSON.stringify(difference.b)} was asked for`,
    );
  return config;
}

type Assigned = Omit<ConfigRequest, "algo"> & { readonly algo?: string | undefined };

function assignmentsOf(request: Assigned): Assignment[] {
  const envArgs = Object.entries(request.envArgs).map(([name, value]): Assignment => ({
    text: `env.args.${name}=${JSON.stringify(value)}`,
    path: ["env", "args", name],
    value,
  }));
  const direct = (name: string, path: readonly string[], value: number | string | undefined): Assignment[] =>
    value === undefined ? [] : [{ text: `${name}=${value}`, path, value }];
  return [
    ...envArgs,
    ...direct("algo.kind", ["algo", "kind"], request.algo),
    ...direct("algo.data", ["algo", "data"], request.data),
    ...direct("seed", ["seed"], request.seed),
    ...direct("algo.totalSteps", ["algo", "totalSteps"], request.totalSteps),
    ...request.sets.map(parseAssignment),
  ];
}

const applyAll = (settings: Settings, assignments: readonly Assignment[]): Settings =>
  assignments.reduce((all, assignment) => applyAssignment(runSchema, all, assignment), settings);

function checkConfig(
  settings: Settings,
  assignments: readonly Assignment[],
  file: Settings,
  fileName: string | undefined,
): RunConfig {
  const parsed = RunConfig.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw settingsError(parsed.error.issues, settings, runSchema, (path) => {
    const set = assignments.findLast((a) => path === a.path.join(".") || path.startsWith(`${a.path.join(".")}.`));
    if (set !== undefined) return `--set ${set.text}`;
    return fileName !== undefined && holds(file, path.split(".")) ? `${fileName}: ${path}` : null;
  });
}

function holds(settings: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return true;
  return isSettings(settings) && Object.hasOwn(settings, name) && holds(settings[name], rest);
}

const envIdOf = (file: Settings): string | undefined => {
  const env = file["env"];
  return isSettings(env) && typeof env["id"] === "string" ? env["id"] : undefined;
};

/** How to learn: as asked, else as the file says, else by cloning where there is a dataset, else by PPO. */
function algoOf({ algo, data }: ConfigRequest, file: Settings): string {
  const kind = algo ?? (namesAlgo(file) ? file.algo.kind : data === undefined ? "ppo" : "bc");
  if (kind === "ppo" && data !== undefined)
    throw new ConfigError(
      "unexpected-data",
      `--data ${data}: PPO learns by trying; --algo bc clones a dataset, --algo dagger starts from one`,
    );
  return kind;
}

const namesAlgo = (file: Settings): file is Settings & { algo: { kind: string } } =>
  isSettings(file["algo"]) && typeof file["algo"]["kind"] === "string";

/** The file with its algorithm named: where it names none, its settings are of the one in use. */
function ofKind(file: Settings, algo: string): Settings {
  const settings = file["algo"];
  return isSettings(settings) ? { ...file, algo: { kind: algo, ...settings } } : file;
}

function presetOf(envId: string, algo: string, name: string | undefined): Settings {
  const presets = presetsFor(algo);
  const preset = presets.find((p) => p.env === envId && p.name === (name ?? "default")) ?? null;
  if (preset !== null) {
    const { env: _env, name: _name, envArgs, ...settings } = preset;
    return { ...settings, ...(envArgs && { env: { args: envArgs } }) };
  }
  if (name === undefined) return {};
  const known = presets.filter((p) => p.env === envId).map((p) => p.name);
  const advice = known.length === 0 ? `${envId} has no preset for ${algo}` : `${envId} has ${known.join(", ")}`;
  throw new ConfigError("unknown-preset", `--preset ${name}: ${advice}`);
}

async function readSettings(path: string): Promise<Settings> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new ConfigError("bad-config-file", `--config ${path}: there is no such file`);
  });
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw new ConfigError("bad-config-file", `${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isSettings(settings))
    throw new ConfigError("bad-config-file", `${path} holds no settings: expected a JSON object`);
  return settings;
}

function* differences(
  a: unknown,
  b: unknown,
  path: readonly string[],
): Generator<{ path: string; a: unknown; b: unknown }> {
  if (isSettings(a) && isSettings(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      yield* differences(a[name], b[name], [...path, name]);
  } else if (JSON.stringify(a) !== JSON.stringify(b)) yield { path: path.join("."), a, b };
}
