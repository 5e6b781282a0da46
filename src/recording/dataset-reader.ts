import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { sha256 } from "../checkpoint/manifest.ts";
import { ConfigError, FormatError } from "../errors.ts";
import { whyNothingIn } from "../nearest-folder.ts";
import type { EpisodeTable } from "./column.ts";
import { DatasetMetadata, EpisodeMetadata } from "./dataset-metadata.ts";
import { decodeEpisode } from "./decode-episode.ts";
import { type RecordedSpace, parseSpace } from "./space-json.ts";

/** A dataset folder in Minari's "arrow" layout, ours or Minari's own. Counts what is there instead of trusting the index. */
export class DatasetReader {
  readonly path: string;
  readonly metadata: DatasetMetadata;
  readonly observationSpace: RecordedSpace;
  readonly actionSpace: RecordedSpace;
  readonly #data: string;

  private constructor(path: string, data: string, metadata: DatasetMetadata) {
    this.path = path;
    this.#data = data;
    this.metadata = metadata;
    this.observationSpace = parseSpace(metadata.observation_space, `${data}/metadata.json: observation_space`);
    this.actionSpace = parseSpace(metadata.action_space, `${data}/metadata.json: action_space`);
  }

  /** Opens a dataset. Throws ConfigError `no-dataset`, FormatError `dataset-metadata` or `dataset-format`. */
  static async open(path: string): Promise<DatasetReader> {
    const data = (await isFile(join(path, "data", "metadata.json"))) ? join(path, "data") : path;
    if (!(await isFile(join(data, "metadata.json"))))
      throw new ConfigError(
        "no-dataset",
        `there is no dataset in ${path} (${await whyNothingIn(path, "data/metadata.json")}); elegans record makes one`,
      );
    const metadata = await readJson(join(data, "metadata.json"), DatasetMetadata, "dataset-metadata");
    if (metadata.data_format !== "arrow")
      throw new FormatError(
        "dataset-format",
        `${data}/metadata.json: data_format is "${metadata.data_format}", only "arrow" is read; docs/episode-format.md shows how Python converts it`,
      );
    return new DatasetReader(path, data, metadata);
  }

  /** The world the episodes are from; null where the dataset does not say. */
  get env(): { readonly id: string; readonly args: Readonly<Record<string, unknown>> } | null {
    return this.metadata.elegans?.env ?? null;
  }

  /** Ids of the episodes that are there, ascending. */
  async ids(): Promise<number[]> {
    return (await readdir(this.#data))
      .filter((name) => /^(0|[1-9]\d*)$/.test(name))
      .map(Number)
      .toSorted((a, b) => a - b);
  }

  /** What the episodes say about themselves, by ascending id. Throws FormatError `episode-metadata`. */
  async episodes(): Promise<EpisodeMetadata[]> {
    const all: EpisodeMetadata[] = [];
    for (const id of await this.ids()) all.push(await this.episode(id));
    return all;
  }

  /** What one episode says about itself. */
  episode(id: number): Promise<EpisodeMetadata> {
    return readJson(join(this.#data, String(id), "metadata.json"), EpisodeMetadata, "episode-metadata");
  }

  /** File that holds an episode's table. */
  fileOf(id: number): string {
    return join(this.#data, String(id), "part-0.arrow");
  }

  /** An episode's table, its bytes compared with their checksum where one was recorded. Throws FormatError naming file, episode and field. */
  async read(id: number): Promise<EpisodeTable> {
    const file = this.fileOf(id);
    const refuse = (code: string, why: string): FormatError => new FormatError(code, `episode ${id} (${file}) ${why}`);
    const { elegans, total_steps: numSteps } = await this.episode(id);
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "ENOENT" ? refuse("episode-file", "is missing") : error;
    });
    if (elegans !== undefined && elegans.bytes !== bytes.length)
      throw refuse("episode-file", `has ${bytes.length} bytes, expected ${elegans.bytes}`);
    if (elegans !== undefined && elegans.sha256 !== sha256(bytes))
      throw refuse("episode-file", "was changed: its SHA-256 differs");
    const table = decode(bytes, refuse);
    if (table.numSteps !== numSteps)
      throw refuse("episode-file", `has ${table.numSteps} steps, its metadata.json says ${numSteps}`);
    return table;
  }
}

function decode(bytes: Uint8Array, refuse: (code: string, why: string) => FormatError): EpisodeTable {
  try {
    return decodeEpisode(bytes);
  } catch (error) {
    throw error instanceof FormatError ? refuse(error.code, error.message) : error;
  }
}

const isFile = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    () => false,
  );

async function readJson<T>(path: string, schema: z.ZodType<T>, code: string): Promise<T> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new FormatError(code, `${path} is missing`) : error;
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(code, `${path} is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FormatError(code, `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}
