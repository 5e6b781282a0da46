import { readdir, rm, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { makeFolder, temporaryPrefix, writeFileAtomic, writeFolderAtomic } from "../checkpoint/atomic-file.ts";
import { sha256 } from "../checkpoint/manifest.ts";
import { ConfigError } from "../errors.ts";
import { packageVersion } from "../run/run-info.ts";
import type { EpisodeTable } from "./column.ts";
import { type ActorInfo, type DatasetMetadata, type EpisodeMetadata, datasetVersion } from "./dataset-metadata.ts";
import { DatasetReader } from "./dataset-reader.ts";
import { encodeEpisode } from "./encode-episode.ts";
import { type RecordedSpace, isImageSpace, spaceJson } from "./space-json.ts";

/** What a dataset is about: one world, one pair of spaces. */
export interface DatasetSubject {
  readonly env: { readonly id: string; readonly args: Readonly<Record<string, unknown>> };
  readonly observationSpace: RecordedSpace;
  readonly actionSpace: RecordedSpace;
}

/** What is known about an episode besides its table. */
export interface EpisodeNote {
  readonly seed?: number | undefined;
  readonly return: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly actor: ActorInfo;
  readonly policySpec?: unknown;
  /** what the world measured of the episode */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
}

/**
 * Appends episodes to a dataset folder in Minari's layout. An episode appears complete or not at all; killed at any moment, the dataset
 * keeps every finished one.
 */
export class DatasetWriter {
  readonly path: string;
  readonly #data: string;
  readonly #subject: DatasetSubject;
  #numEpisodes: number;
  #numSteps: number;
  #numBytes: number;

  private constructor(path: string, subject: DatasetSubject, so: { episodes: number; steps: number; bytes: number }) {
    this.path = path;
    this.#data = join(path, "data");
    this.#subject = subject;
    [this.#numEpisodes, this.#numSteps, this.#numBytes] = [so.episodes, so.steps, so.bytes];
  }

  /**
   * Makes a dataset, or opens one to append to it. Removes what killed writers left.
   *
   * Throws ConfigError `not-a-dataset` where the folder holds something else, `other-dataset` where its world or spaces differ.
   */
  static async open(path: string, subject: DatasetSubject): Promise<DatasetWriter> {
    const entries: string[] = await readdir(path).catch(missingIsEmpty);
    if (entries.length > 0 && !entries.includes("data"))
      throw new ConfigError("not-a-dataset", `${path} is not empty and no dataset; choose another folder`);
    const data = join(path, "data");
    await makeFolder(data);
    for (const name of await readdir(data))
      if (name.startsWith(temporaryPrefix)) await rm(join(data, name), { recursive: true, force: true });
    const writer = new DatasetWriter(path, subject, await totals(path, subject));
    await writer.#writeMetadata();
    return writer;
  }

  /** Episodes so far. */
  get numEpisodes(): number {
    return this.#numEpisodes;
  }

  /** Appends an episode; returns its id. Rejects with the system's error, leaving the dataset as it was. */
  async add(table: EpisodeTable, note: EpisodeNote): Promise<number> {
    const id = this.#numEpisodes;
    const arrow = encodeEpisode(table);
    const { seed, return: total, terminated, truncated, actor, policySpec, metrics } = note;
    const metadata: EpisodeMetadata = {
      id,
      total_steps: table.numSteps,
      ...(seed === undefined ? {} : { seed }),
      elegans: {
        version: datasetVersion,
        program: `elegans ${packageVersion()}`,
        return: total,
        terminated,
        truncated,
        actor,
        ...(policySpec === undefined ? {} : { policySpec }),
        ...(metrics === undefined ? {} : { metrics: { ...metrics } }),
        bytes: arrow.length,
        sha256: sha256(arrow),
      },
    };
    const text = `${JSON.stringify(metadata)}\n`;
    await writeFolderAtomic(
      join(this.#data, String(id)),
      new Map<string, Uint8Array | string>([
        ["part-0.arrow", arrow],
        ["metadata.json", text],
      ]),
    );
    this.#numEpisodes++;
    this.#numSteps += table.numSteps;
    this.#numBytes += arrow.length + text.length;
    await this.#writeMetadata();
    return id;
  }

  async #writeMetadata(): Promise<void> {
    const { env, observationSpace, actionSpace } = this.#subject;
    const metadata: DatasetMetadata = {
      total_episodes: this.#numEpisodes,
      total_steps: this.#numSteps,
      data_format: "arrow",
      jpeg_encoding: isImageSpace(observationSpace),
      observation_space: spaceJson(observationSpace),
      action_space: spaceJson(actionSpace),
      dataset_id: datasetId(this.path),
      minari_version: "0.5.3",
      dataset_size: Math.round(this.#numBytes / 1e5) / 10,
      elegans: { version: datasetVersion, env: { id: env.id, args: { ...env.args } } },
    };
    await writeFileAtomic(join(this.#data, "metadata.json"), `${JSON.stringify(metadata, null, 2)}\n`);
  }
}

/** A dataset's id from its folder's name: letters, digits, _ and -, ending in `-v0`. */
export function datasetId(path: string): string {
  const name = basename(resolve(path)).replaceAll(/[^\w-]+/g, "-");
  return /-v\d+$/.test(name) ? name : `${name || "dataset"}-v0`;
}

function missingIsEmpty(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}

async function totals(
  path: string,
  subject: DatasetSubject,
): Promise<{ episodes: number; steps: number; bytes: number }> {
  const metadataPath = join(path, "data", "metadata.json");
  const isNew = await stat(metadataPath).then(
    () => false,
    () => true,
  );
  if (isNew) return { episodes: 0, steps: 0, bytes: 0 };
  const reader = await DatasetReader.open(path);
  if (reader.env !== null) refuseOther(path, "environment", JSON.stringify(reader.env), JSON.stringify(subject.env));
  refuseOther(path, "observation space", spaceJson(reader.observationSpace), spaceJson(subject.observationSpace));
  refuseOther(path, "action space", spaceJson(reader.actionSpace), spaceJson(subject.actionSpace));
  const episodes = await reader.episodes();
  const steps = episodes.reduce((sum, e) => sum + e.total_steps, 0);
  return { episodes: episodes.length, steps, bytes: episodes.reduce((sum, e) => sum + (e.elegans?.bytes ?? 0), 0) };
}

function refuseOther(path: string, what: string, there: string, here: string): void {
  if (there === here) return;
  const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
  throw new ConfigError(
    "other-dataset",
    `${path} is of another ${what}: ${short(there)} there, ${short(here)} here; choose another folder`,
  );
}
