import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Box } from "gymnasium-js";
import { makeFolder, removeFolder, temporaryPrefix, writeFileAtomic } from "../checkpoint/atomic-file.ts";
import { FormatError } from "../errors.ts";
import type { Column, EpisodeTable } from "./column.ts";
import type { DatasetReader } from "./dataset-reader.ts";
import type { Inflate } from "./decode-png.ts";
import { episodeArrays } from "./episode-arrays.ts";

/** Something wrong with a dataset. */
export interface DatasetProblem {
  /** null: the dataset as a whole */
  readonly episode: number | null;
  readonly text: string;
}

/** What a check found. */
export interface DatasetCheck {
  readonly numEpisodes: number;
  readonly numSteps: number;
  readonly problems: readonly DatasetProblem[];
}

/** Reads every episode and compares it with the spaces, its own metadata, and the index. Changes nothing. */
export async function checkDataset(reader: DatasetReader, inflate: Inflate): Promise<DatasetCheck> {
  const problems: DatasetProblem[] = [];
  const ids = await reader.ids();
  let numSteps = 0;
  for (const id of ids) {
    try {
      const table = await reader.read(id);
      checkEpisode(table, reader, inflate);
      numSteps += table.numSteps;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const text = error.message.includes(reader.fileOf(id))
        ? error.message
        : `episode ${id} (${reader.fileOf(id)}): ${error.message}`;
      problems.push({ episode: id, text });
    }
  }
  problems.push(...(await indexProblems(reader, ids, numSteps, problems.length > 0)));
  return { numEpisodes: ids.length, numSteps, problems };
}

function checkEpisode(table: EpisodeTable, reader: DatasetReader, inflate: Inflate): void {
  const { obs } = episodeArrays(table, reader, inflate);
  const { observationSpace } = reader;
  if (observationSpace instanceof Box && obs instanceof Float32Array)
    obs.forEach((value, i) => {
      const d = i % observationSpace.low.length;
      if (value < observationSpace.low[d]! || value > observationSpace.high[d]!)
        throw new FormatError(
          "episode-field",
          `field observations is ${value} in row ${Math.floor(i / observationSpace.low.length)}, outside of ${String(observationSpace)}`,
        );
    });
  const ends = (name: string): Uint8Array => flagsOf(table.columns.get(name), name);
  const [terminations, truncations] = [ends("terminations"), ends("truncations")];
  for (let t = 0; t < table.numSteps - 1; t++)
    if (terminations[t] || truncations[t])
      throw new FormatError("episode-field", `the episode ends in row ${t}, but goes on to row ${table.numSteps}`);
}

function flagsOf(column: Column | undefined, name: string): Uint8Array {
  if (column?.kind !== "flags") throw new FormatError("episode-field", `field ${name} does not hold true or false`);
  return column.data;
}

async function indexProblems(
  { metadata, path }: DatasetReader,
  ids: readonly number[],
  numSteps: number,
  isDamaged: boolean,
): Promise<DatasetProblem[]> {
  const problems: string[] = [];
  if (ids.length === 0) problems.push(`${path} holds no episode`);
  const gap = ids.findIndex((id, i) => id !== i);
  if (gap !== -1) problems.push(`episode ${gap} is missing: ids must count up from 0`);
  if (metadata.total_episodes !== ids.length)
    problems.push(`the index says ${metadata.total_episodes} episodes, there are ${ids.length}`);
  if (!isDamaged && metadata.total_steps !== numSteps)
    problems.push(`the index says ${metadata.total_steps} steps, there are ${numSteps}`);
  return problems.map((text) => ({ episode: null, text }));
}

/**
 * Repairs a dataset: damaged episodes are moved out of `data/` into `damaged/`, leftovers of killed writers removed, the others numbered from 0 and
 * the index rewritten.
 */
export async function repairDataset(reader: DatasetReader, problems: readonly DatasetProblem[]): Promise<void> {
  const { rename, writeFile } = await import("node:fs/promises");
  const data = join(reader.path, "data");
  const damaged = new Set(problems.map((problem) => problem.episode).filter((id) => id !== null));
  for (const name of await readdir(data))
    if (name.startsWith(temporaryPrefix)) await rm(join(data, name), { recursive: true, force: true });
  if (damaged.size > 0) await makeFolder(join(reader.path, "damaged"));
  let next = 0;
  let steps = 0;
  for (const id of await reader.ids()) {
    const folder = join(data, String(id));
    if (damaged.has(id)) {
      const away = join(reader.path, "damaged", String(id));
      await removeFolder(away).catch(() => null);
      await rename(folder, away);
      continue;
    }
    const episode = await reader.episode(id);
    if (id !== next) {
      await writeFile(join(folder, "metadata.json"), `${JSON.stringify({ ...episode, id: next })}\n`);
      await rename(folder, join(data, String(next)));
    }
    next++;
    steps += episode.total_steps;
  }
  const metadata = { ...reader.metadata, total_episodes: next, total_steps: steps };
  await writeFileAtomic(join(data, "metadata.json"), `${JSON.stringify(metadata, null, 2)}\n`);
}
