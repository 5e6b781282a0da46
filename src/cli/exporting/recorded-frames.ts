import type { Env, Frame } from "gymnasium-js";
import { ConfigError, FormatError } from "../../errors.ts";
import type { EpisodeTable } from "../../recording/column.ts";
import { DatasetReader } from "../../recording/dataset-reader.ts";
import { makeWorld } from "../make-world.ts";

/** The pictures of a recorded episode, redrawn from its snapshots when they are walked. */
export interface RecordedFrames extends Iterable<Frame> {
  readonly episode: number;
  readonly length: number;
  /** the world's own pace, pictures per second */
  readonly fps: number;
  /** Picture t. */
  at(t: number): Frame;
}

/**
 * Opens the pictures of an episode of a dataset (the last one where none is named).
 * Throws ConfigError `no-episode`, `no-world`, `no-picture`, FormatError `no-snapshots`, and what reading throws.
 */
export async function recordedFrames(path: string, wanted: number | undefined): Promise<RecordedFrames> {
  const reader = await DatasetReader.open(path);
  const episode = await chosenEpisode(reader, wanted);
  const env = worldOf(reader);
  const snapshots = snapshotsOf(await reader.read(episode), reader.fileOf(episode));
  return {
    episode,
    length: snapshots.length,
    fps: env.metadata.renderFps,
    at: (t) => frameOf(env, snapshots[t] ?? new Uint8Array()),
    *[Symbol.iterator](): Generator<Frame> {
      for (const bytes of snapshots) yield frameOf(env, bytes);
    },
  };
}

async function chosenEpisode(reader: DatasetReader, wanted: number | undefined): Promise<number> {
  const ids = await reader.ids();
  const last = ids.at(-1);
  if (last === undefined) throw new ConfigError("no-episode", `${reader.path}: there are no episodes`);
  if (wanted === undefined || ids.includes(wanted)) return wanted ?? last;
  throw new ConfigError("no-episode", `--episode: got ${wanted}, expected one of ${ids[0]}..${last} in ${reader.path}`);
}

function worldOf(reader: DatasetReader): Env {
  const { env } = reader;
  if (env !== null) return makeWorld(env.id, env.args);
  throw new ConfigError("no-world", `${reader.path}: the dataset does not say which environment it is from`);
}

/** The snapshots of all rows. Throws FormatError where one is missing. */
function snapshotsOf({ columns }: EpisodeTable, file: string): readonly Uint8Array[] {
  const infos = columns.get("infos");
  const column = infos?.kind === "group" ? infos.columns.get("snapshot") : undefined;
  const values = column?.kind === "bytes" ? column.values : [];
  const found = values.filter((bytes) => bytes !== null);
  if (found.length > 0 && found.length === values.length) return found;
  throw new FormatError("no-snapshots", `${file}: without infos.snapshot in every row the episode cannot be redrawn`);
}

function frameOf(env: Env, snapshot: Uint8Array): Frame {
  env.restore(snapshot);
  const frame = env.render();
  if (frame === null) throw new ConfigError("no-picture", `${String(env)} draws nothing, so there is no picture`);
  return frame;
}
