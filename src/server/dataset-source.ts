import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { sha256 } from "../checkpoint/manifest.ts";
import { FormatError } from "../errors.ts";
import type { EpisodeEntry } from "../protocol/index.ts";
import type { EpisodeMetadata } from "../recording/dataset-metadata.ts";
import type { DatasetReader } from "../recording/dataset-reader.ts";

/** Recorded episodes to look through. Pages name episodes by number only. */
export interface DatasetSource {
  /** what people call it: the folder's name */
  readonly title: string;
  /** null where the dataset does not say */
  readonly env: { readonly id: string; readonly args: Readonly<Record<string, unknown>> } | null;
  /** What there is, by ascending number; damaged episodes are listed with what is wrong. */
  list(): Promise<readonly EpisodeEntry[]>;
  /** An episode's file, whole and unchanged since it was recorded. Throws FormatError where it is not. */
  read(id: number): Promise<Uint8Array>;
  /** What an episode says about itself. Throws FormatError. */
  about(id: number): Promise<unknown>;
}

/** Metadata files read at once. */
const AT_ONCE = 64;
const FRESH_MS = 2000;

/** Opens a dataset folder for the viewer; its title is the folder's name unless given. Throws what `DatasetReader.open` throws. */
export async function openDatasetSource(path: string, title = basename(resolve(path))): Promise<DatasetSource> {
  const { DatasetReader: Reader } = await import("../recording/dataset-reader.ts"); // only now: Arrow takes a while to load
  return new FolderSource(title, await Reader.open(path));
}

class FolderSource implements DatasetSource {
  readonly title: string;
  readonly env: DatasetSource["env"];
  readonly #reader: DatasetReader;
  readonly #entries = new Map<number, EpisodeEntry>();
  #listedAt = -Infinity;

  constructor(title: string, reader: DatasetReader) {
    this.title = title;
    this.env = reader.env;
    this.#reader = reader;
  }

  /** Episodes never change once they are there, so that only new ones are read. */
  async list(): Promise<readonly EpisodeEntry[]> {
    if (performance.now() - this.#listedAt > FRESH_MS) {
      const ids = await this.#reader.ids();
      const missing = ids.filter((id) => !this.#entries.has(id));
      for (let i = 0; i < missing.length; i += AT_ONCE)
        await Promise.all(
          missing.slice(i, i + AT_ONCE).map(async (id) => this.#entries.set(id, await this.#entryOf(id))),
        );
      this.#listedAt = performance.now();
    }
    return [...this.#entries.values()].toSorted((a, b) => a.id - b.id);
  }

  async read(id: number): Promise<Uint8Array> {
    const { elegans } = await this.#reader.episode(id);
    const bytes = await readFile(this.#reader.fileOf(id)).catch(() => {
      throw new FormatError("episode-file", `episode ${id}: its file cannot be read`);
    });
    if (elegans !== undefined && (elegans.bytes !== bytes.length || elegans.sha256 !== sha256(bytes)))
      throw new FormatError("episode-file", `episode ${id}: its file was changed or cut since it was recorded`);
    return bytes;
  }

  about(id: number): Promise<EpisodeMetadata> {
    return this.#reader.episode(id);
  }

  async #entryOf(id: number): Promise<EpisodeEntry> {
    try {
      const { total_steps: steps, seed, elegans } = await this.#reader.episode(id);
      return {
        id,
        steps,
        ...(seed !== undefined && { seed }),
        ...(elegans !== undefined && {
          return: elegans.return,
          ended: elegans.terminated ? "terminated" : elegans.truncated ? "truncated" : "cut",
          actor: `${elegans.actor.kind} ${elegans.actor.name}`,
        }),
      };
    } catch (error) {
      return { id, steps: 0, problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
