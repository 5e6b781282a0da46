import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { FormatError, messageOf } from "../errors.ts";
import type { EpisodeEntry, EpisodeLayout, EpisodePage } from "../protocol/index.ts";
import type { EpisodeMetadata } from "../recording/dataset-metadata.ts";
import type { DatasetReader } from "../recording/dataset-reader.ts";

/** Recorded episodes to look through. Pages name episodes by number only. */
export interface DatasetSource {
  /** what people call it: the folder's name */
  readonly title: string;
  /** null where the dataset does not say */
  readonly env: { readonly id: string; readonly args: Readonly<Record<string, unknown>> } | null;
  /** Some of what there is, by ascending number from the `from`th on; damaged episodes are listed with what is wrong. */
  list(from: number, count: number): Promise<EpisodePage>;
  /** An episode's file, whole and unchanged since it was recorded. Throws FormatError where it is not. */
  file(id: number): Promise<EpisodeFile>;
  /** What lies where in that file. Throws FormatError. */
  layout(id: number): Promise<EpisodeLayout>;
  /** What an episode says about itself. Throws FormatError. */
  about(id: number): Promise<unknown>;
}

/** An episode's file, to be read in parts. */
export interface EpisodeFile {
  readonly bytes: number;
  /** Bytes [offset, offset + length), which must lie inside. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Metadata files read at once. */
const AT_ONCE = 64;
/** Bytes of a file that are hashed at once. */
const HASH_BYTES = 4 * 1024 * 1024;

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
  /** which version of an episode's file was found whole, by number */
  readonly #whole = new Map<number, string>();
  #ids: readonly number[] = [];

  constructor(title: string, reader: DatasetReader) {
    this.title = title;
    this.env = reader.env;
    this.#reader = reader;
  }

  /** Episodes never change once they are there, so that only new ones are read. The folder is looked at again when a list begins. */
  async list(from: number, count: number): Promise<EpisodePage> {
    if (from === 0) this.#ids = await this.#reader.ids();
    const wanted = this.#ids.slice(from, from + count);
    const missing = wanted.filter((id) => !this.#entries.has(id));
    for (let i = 0; i < missing.length; i += AT_ONCE)
      await Promise.all(
        missing.slice(i, i + AT_ONCE).map(async (id) => this.#entries.set(id, await this.#entryOf(id))),
      );
    return { total: this.#ids.length, episodes: wanted.flatMap((id) => this.#entries.get(id) ?? []) };
  }

  async file(id: number): Promise<EpisodeFile> {
    const { elegans } = await this.#reader.episode(id);
    const path = this.#reader.fileOf(id);
    const { size, mtimeMs } = await stat(path).catch(() => {
      throw new FormatError("episode-file", `episode ${id}: its file cannot be read`);
    });
    const version = `${size} ${mtimeMs} ${elegans?.sha256 ?? ""}`;
    if (elegans !== undefined && this.#whole.get(id) !== version) {
      if (elegans.bytes !== size || elegans.sha256 !== (await sha256Of(path)))
        throw new FormatError("episode-file", `episode ${id}: its file was changed or cut since it was recorded`);
      this.#whole.set(id, version);
    }
    return { bytes: size, read: (offset, length) => readPart(path, offset, length) };
  }

  async layout(id: number): Promise<EpisodeLayout> {
    const [{ bytes, read }, { readLayout }, { total_steps: steps }] = await Promise.all([
      this.file(id),
      import("../recording/read-layout.ts"),
      this.#reader.episode(id),
    ]);
    const layout = await readLayout(bytes, read).catch((error: unknown) => {
      throw new FormatError("episode-file", `episode ${id}: its file ${messageOf(error)}`, { cause: error });
    });
    if (layout.numSteps !== steps)
      throw new FormatError(
        "episode-file",
        `episode ${id}: its file has ${layout.numSteps} steps, its metadata says ${steps}`,
      );
    return layout;
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
          ...(elegans.metrics !== undefined && { metrics: elegans.metrics }),
          ended: elegans.terminated ? "terminated" : elegans.truncated ? "truncated" : "cut",
          actor: `${elegans.actor.kind} ${elegans.actor.name}`,
        }),
      };
    } catch (error) {
      return { id, steps: 0, problem: messageOf(error) };
    }
  }
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Read piece by piece, so that a long recording does not have to fit into memory and nobody waits for it. */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  const file = await open(path);
  try {
    const piece = new Uint8Array(HASH_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, piece.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
