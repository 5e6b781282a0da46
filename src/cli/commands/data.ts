import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync, inflateRawSync, inflateSync } from "node:zlib";
import type { Command } from "commander";
import { ConfigError, FormatError } from "../../errors.ts";
import { type Demonstration, parseDemonstration } from "../../protocol/index.ts";
import { checkDataset, repairDataset } from "../../recording/check-dataset.ts";
import type { Column, EpisodeTable } from "../../recording/column.ts";
import { DatasetReader } from "../../recording/dataset-reader.ts";
import { type ForeignEpisode, episodesFromArrays, episodesFromJsonLines } from "../../recording/foreign-episodes.ts";
import { readNpz } from "../../recording/read-npy.ts";
import { spaceJson } from "../../recording/space-json.ts";
import { replayDemonstration } from "../../recording/replay-demonstration.ts";
import { count } from "../../run/progress-line.ts";
import { summarize } from "../../run/summary.ts";
import { makeWorld } from "../make-world.ts";
import { keyValue } from "../option-parsers.ts";
import { newEpisode, noteOf, openDataset, spacesOf } from "../../recording/env-episodes.ts";
import type { Settings } from "../../settings/settings-schema.ts";
import { processTerminal } from "../terminal.ts";
import { textTable } from "../text-table.ts";
import { returnText } from "../training/print-training.ts";

interface JsonOption {
  readonly json?: boolean;
}
const jsonText = "print one JSON value on stdout; everything else goes to stderr";

/** Adds the command `data` with its own commands. */
export function addData(program: Command): void {
  const data = program.command("data").description("Datasets of recorded episodes.");
  data
    .command("list")
    .description("Lists the datasets below a folder (default: data and runs).")
    .argument("[dir...]", "folders to look in")
    .option("--json", jsonText)
    .action(list);
  data
    .command("show")
    .description("Shows what a dataset holds: world, episodes, returns, actors, fields.")
    .argument("<dir>", "folder of a dataset")
    .option("--json", jsonText)
    .action(show);
  data
    .command("check")
    .description("Reads every episode and reports what is wrong: damage, wrong shapes, NaN, a stale index.")
    .argument("<dir>", "folder of a dataset")
    .option("--repair", "move damaged episodes to damaged/ and rewrite the index")
    .option("--json", jsonText)
    .action(check);
  data
    .command("import")
    .description(
      "Turns recordings of your own into a dataset: .jsonl (a step per line), .npz (a row per step), .demo.json (driven by hand in the viewer), or a Minari dataset in its arrow format.",
    )
    .argument("<file>", "file, or folder of a Minari dataset")
    .requiredOption("--out <dir>", "dataset to append to")
    .requiredOption("--env <id>", "environment whose spaces the recordings fit")
    .option("--env-arg <name=value>", "argument of the environment; may be repeated", keyValue)
    .option("--json", jsonText)
    .action(importData);
}

async function list(dirs: readonly string[], { json = false }: JsonOption): Promise<void> {
  const terminal = processTerminal(json);
  const found: { path: string; env: string; episodes: number; steps: number }[] = [];
  for (const dir of dirs.length > 0 ? dirs : ["data", "runs"])
    for (const path of await datasetsBelow(dir, 3)) {
      const { metadata, env } = await DatasetReader.open(path);
      found.push({ path, env: env?.id ?? "unknown", episodes: metadata.total_episodes, steps: metadata.total_steps });
    }
  if (json) return terminal.json(found);
  if (found.length === 0) return terminal.say("no dataset found; elegans record makes one");
  const rows = found.map((d) => [d.path, d.env, count(d.episodes), count(d.steps)]);
  terminal.say(textTable(["dataset", "environment", "episodes", "steps"], rows));
}

async function datasetsBelow(dir: string, depth: number): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => entry.name === "data" && entry.isDirectory())) {
    const isDataset = (await readdir(join(dir, "data"))).includes("metadata.json");
    if (isDataset) return [dir];
  }
  if (depth === 0) return [];
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  const below = await Promise.all(folders.map((entry) => datasetsBelow(join(dir, entry.name), depth - 1)));
  return below.flat().toSorted((a, b) => a.localeCompare(b));
}

async function show(path: string, { json = false }: JsonOption): Promise<void> {
  const terminal = processTerminal(json);
  const reader = await DatasetReader.open(path);
  const episodes = await reader.episodes();
  const returns = episodes.flatMap((e) => e.elegans?.return ?? []);
  const actors = [
    ...new Set(
      episodes.map((e) => (e.elegans === undefined ? "unknown" : `${e.elegans.actor.kind} ${e.elegans.actor.name}`)),
    ),
  ];
  const steps = episodes.reduce((sum, e) => sum + e.total_steps, 0);
  const firstId = episodes[0]?.id;
  const fields = firstId === undefined ? [] : fieldsOf((await reader.read(firstId)).columns, []);
  const shown = {
    dataset: path,
    id: reader.metadata.dataset_id,
    env: reader.env,
    observationSpace: String(reader.observationSpace),
    actionSpace: String(reader.actionSpace),
    episodes: episodes.length,
    steps,
    return: returns.length > 0 ? summarize(returns) : null,
    actors,
    fields,
  };
  if (json) return terminal.json(shown);
  const { env } = shown;
  const args = env === null || Object.keys(env.args).length === 0 ? "" : ` ${JSON.stringify(env.args)}`;
  terminal.say(
    [
      `${path} (${shown.id})`,
      `  environment   ${env?.id ?? "unknown"}${args}`,
      `  observations  ${shown.observationSpace}`,
      `  actions       ${shown.actionSpace}`,
      `  episodes      ${count(shown.episodes)}, ${count(steps)} steps`,
      `  return        ${shown.return === null ? "not recorded" : returnText(shown.return)}`,
      `  actors        ${actors.join(", ")}`,
      "",
      textTable(
        ["field", "type", "per row"],
        fields.map((f) => [f.name, f.type, f.shape]),
      ),
    ].join("\n"),
  );
}

function fieldsOf(
  columns: EpisodeTable["columns"],
  path: readonly string[],
): { name: string; type: string; shape: string }[] {
  return [...columns].flatMap(([name, column]: [string, Column]) => {
    const at = [...path, name];
    if (column.kind === "group") return fieldsOf(column.columns, at);
    const type = column.kind === "numbers" ? column.type : column.kind === "flags" ? "bool" : "bytes";
    return [{ name: at.join("."), type, shape: column.kind === "numbers" ? column.shape.join("×") || "1" : "1" }];
  });
}

async function check(
  path: string,
  { repair = false, json = false }: JsonOption & { readonly repair?: boolean },
): Promise<void> {
  const terminal = processTerminal(json);
  const reader = await DatasetReader.open(path);
  const found = await checkDataset(reader, inflateSync);
  for (const problem of found.problems) terminal.note(problem.text);
  if (repair && found.problems.length > 0) await repairDataset(reader, found.problems);
  const after = repair ? await checkDataset(await DatasetReader.open(path), inflateSync) : found;
  if (json) terminal.json({ dataset: path, ...after });
  const text = `${path}: ${count(after.numEpisodes)} episodes, ${count(after.numSteps)} steps`;
  if (after.problems.length > 0)
    throw new FormatError(
      "bad-dataset",
      `${text}, ${after.problems.length} problems${repair ? " left" : "; --repair mends what can be mended"}`,
    );
  terminal.say(`${text}, all whole${repair && found.problems.length > 0 ? " again" : ""}`);
}

interface ImportOptions extends JsonOption {
  readonly out: string;
  readonly env: string;
  readonly envArg?: Settings;
}

async function importData(file: string, { out, env: id, envArg, json = false }: ImportOptions): Promise<void> {
  const terminal = processTerminal(json);
  const world = { id, args: (envArg ?? {}) as Record<string, never>, imports: [] }; // values are JSON
  const env = makeWorld(id, world.args);
  let imported: number;
  if (file.endsWith(".demo.json")) imported = await importDemonstration(file, out, world);
  else if (/\.(jsonl|ndjson|npz)$/.test(file)) {
    const episodes = await foreignEpisodes(file);
    for (const episode of episodes) checkFits(file, episode, env); // before anything is written
    const writer = await openDataset(out, world, env);
    for (const episode of episodes) await writer.add(...tableOf(episode, env, file));
    imported = episodes.length;
  } else imported = await importMinari(file, out, world, env);
  terminal.say(`Imported ${imported} episodes from ${file} → ${out}`);
  if (json) terminal.json({ dataset: out, episodes: imported });
}

/** Plays a downloaded demonstration again; only then is anything written. */
async function importDemonstration(
  file: string,
  out: string,
  world: { id: string; args: Record<string, never>; imports: never[] },
): Promise<number> {
  const demonstration = parseDemonstration(await readFile(file, "utf8"));
  if (demonstration.env.id !== world.id)
    throw new ConfigError("other-env", `${file} was driven in ${demonstration.env.id}, --env says ${world.id}`);
  const args = demonstration.env.args as Record<string, never>; // values are JSON
  const { table, ...how } = await replayDemonstration(demonstration, deflateSync, () => null);
  const writer = await openDataset(out, { ...world, args }, makeWorld(world.id, args));
  await writer.add(table, noteOf({ seed: demonstration.seed, ...how }, { kind: "human", ...actorOf(demonstration) }));
  return 1;
}

const actorOf = ({ player: { device, policySha256 } }: Demonstration): { name: string; policySha256?: string } => ({
  name: device,
  ...(policySha256 !== undefined && { policySha256 }),
});

async function foreignEpisodes(file: string): Promise<ForeignEpisode[]> {
  const bytes = await readFile(file);
  try {
    return file.endsWith(".npz")
      ? episodesFromArrays(readNpz(bytes, inflateRawSync))
      : episodesFromJsonLines(bytes.toString("utf8"));
  } catch (error) {
    throw error instanceof FormatError
      ? new FormatError(error.code, `${file}: ${error.message}`, { cause: error })
      : error;
  }
}

type World = ReturnType<typeof makeWorld>;

function checkFits(file: string, { steps, lastObs }: ForeignEpisode, env: World): void {
  const { observationSpace, actionSpace } = newEpisodeSpaces(env);
  const refuse = (what: string, t: number, got: unknown, space: unknown): FormatError =>
    new FormatError("import", `${file}: ${what} of step ${t} is ${JSON.stringify(got)}, outside of ${String(space)}`);
  [...steps.map((s) => s.obs), lastObs].forEach((obs, t) => {
    if (!fits(obs, observationSpace)) throw refuse("obs", t, obs, observationSpace);
  });
  steps.forEach(({ action }, t) => {
    if (!fits(action, actionSpace)) throw refuse("action", t, action, actionSpace);
  });
}

const newEpisodeSpaces = (env: World): Pick<World, "observationSpace" | "actionSpace"> => env;

function fits(value: ArrayLike<number> | number, space: World["observationSpace"]): boolean {
  if ("n" in space) return space.contains(scalarOf(value));
  const size = (space.shape ?? []).reduce((a, b) => a * b, 1);
  const list = typeof value === "number" ? [value] : Array.from(value);
  if (list.length !== size || !("low" in space) || !("high" in space)) return false;
  const [low, high] = [space.low as Float64Array, space.high as Float64Array]; // a Box
  return list.every((v, i) => v >= low[i]! && v <= high[i]!);
}

const scalarOf = (value: ArrayLike<number> | number): number => (typeof value === "number" ? value : Number(value[0]));

function tableOf(
  { steps, lastObs }: ForeignEpisode,
  env: World,
  file: string,
): Parameters<Awaited<ReturnType<typeof openDataset>>["add"]> {
  const builder = newEpisode(env);
  const toAction = (action: ArrayLike<number> | number): number | ArrayLike<number> =>
    "n" in env.actionSpace ? scalarOf(action) : action;
  for (const { obs, elapsed, action, reward, terminated, truncated } of steps) {
    builder.moment({ obs: pixelsOf(obs, env), elapsed, info: {}, snapshot: null, response: null });
    builder.deed({ action: toAction(action), reward, terminated, truncated });
  }
  builder.moment({ obs: pixelsOf(lastObs, env), elapsed: 1, info: {}, snapshot: null, response: null });
  const { terminated, truncated } = steps.at(-1)!; // an episode has at least one step
  const note = noteOf({ seed: 0, return: builder.return, terminated, truncated }, { kind: "import", name: file });
  return [builder.finish(), { ...note, seed: undefined }];
}

const pixelsOf = (obs: ArrayLike<number> | number, env: World): ArrayLike<number> | number =>
  typeof obs !== "number" && "dtype" in env.observationSpace && env.observationSpace.dtype === "uint8"
    ? Uint8Array.from(obs)
    : obs;

async function importMinari(
  path: string,
  out: string,
  world: { id: string; args: Record<string, never>; imports: never[] },
  env: World,
): Promise<number> {
  const reader = await DatasetReader.open(path).catch((error: unknown) => {
    if (error instanceof ConfigError)
      throw new ConfigError("bad-import", `${path}: expected a .jsonl or .npz file, or the folder of a Minari dataset`);
    throw error;
  });
  refuseOtherSpaces(path, reader, env);
  const found = await checkDataset(reader, inflateSync);
  const [damage] = found.problems.filter(({ episode }) => episode !== null);
  if (damage !== undefined) throw new FormatError("import", damage.text); // before anything is written
  const ids = await reader.ids();
  if (ids.length === 0) throw new ConfigError("empty-dataset", `${path} holds no episodes`);
  const writer = await openDataset(out, world, env);
  for (const id of ids) {
    const table = await reader.read(id);
    const rewards = table.columns.get("rewards");
    const total =
      rewards?.kind === "numbers"
        ? Array.from(rewards.data.slice(0, -1) as ArrayLike<number>, Number).reduce((a, b) => a + b, 0)
        : 0;
    const { seed } = await reader.episode(id);
    const last = (name: string): boolean => {
      const column = table.columns.get(name);
      return column?.kind === "flags" && column.data[table.numSteps - 1] === 1;
    };
    await writer.add(table, {
      ...(seed === undefined ? {} : { seed }),
      return: total,
      terminated: last("terminations"),
      truncated: last("truncations"),
      actor: { kind: "import", name: path },
    });
  }
  return ids.length;
}

function refuseOtherSpaces(path: string, reader: DatasetReader, env: World): void {
  const here = spacesOf(env);
  for (const name of ["observationSpace", "actionSpace"] as const)
    if (spaceJson(reader[name]) !== spaceJson(here[name]))
      throw new FormatError(
        "import",
        `${path}: its ${name === "actionSpace" ? "action" : "observation"} space is ${String(reader[name])}, the environment's is ${String(here[name])}`,
      );
}
