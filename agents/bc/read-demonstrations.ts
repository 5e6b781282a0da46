import { Discrete } from "gymnasium-js";
import { ConfigError, FormatError } from "../../src/errors.ts";
import type { Column, EpisodeTable } from "../../src/recording/column.ts";
import { DatasetReader } from "../../src/recording/dataset-reader.ts";
import { type RecordedSpace, spaceJson } from "../../src/recording/space-json.ts";
import type { ObsBuffer } from "./demonstration-set.ts";
import { type PackedEpisode, shared } from "./packed-episode.ts";

/** The spaces that demonstrations must have. */
export interface DemonstrationSpaces {
  readonly observation: RecordedSpace;
  readonly action: RecordedSpace;
}

/**
 * Opens a dataset of demonstrations and lists its episodes. Throws ConfigError for a dataset that is missing, empty or of other spaces,
 * FormatError for a damaged index.
 */
export async function openDemonstrations(
  path: string,
  spaces: DemonstrationSpaces,
): Promise<{ readonly reader: DatasetReader; readonly ids: readonly number[] }> {
  const reader = await DatasetReader.open(path);
  checkSpace(path, "observation", reader.observationSpace, spaces.observation);
  checkSpace(path, "action", reader.actionSpace, spaces.action);
  const ids = await reader.ids();
  if (ids.length === 0) throw new ConfigError("empty-dataset", `${path} holds no episodes; elegans record makes some`);
  return { reader, ids };
}

/**
 * Reads all episodes of a dataset into shared memory. The label is what the expert wanted (`infos.label`) where it differs from what was
 * done. Throws as `openDemonstrations` does, and FormatError naming file, episode and field for damage.
 */
export async function readDemonstrations(path: string, spaces: DemonstrationSpaces): Promise<readonly PackedEpisode[]> {
  const { reader, ids } = await openDemonstrations(path, spaces);
  const episodes: PackedEpisode[] = [];
  for (const id of ids)
    episodes.push(packDemonstration(await reader.read(id), spaces, `episode ${id} (${reader.fileOf(id)})`));
  return episodes;
}

function checkSpace(path: string, what: string, there: RecordedSpace, wanted: RecordedSpace): void {
  if (spaceJson(there) === spaceJson(wanted)) return;
  throw new ConfigError(
    "wrong-space",
    `${path}: its ${what} space is ${String(there)}, the environment's is ${String(wanted)}; record with the same --env-arg`,
  );
}

/** A recorded episode as learners read it. Throws FormatError that begins with `where` and names the field. */
export function packDemonstration(
  table: EpisodeTable,
  { action }: Pick<DemonstrationSpaces, "action">,
  where: string,
): PackedEpisode {
  const T = table.numSteps;
  const infos = table.columns.get("infos");
  const info = (name: string): Column | undefined => (infos?.kind === "group" ? infos.columns.get(name) : undefined);
  const label = info("label") ?? table.columns.get("actions");
  const elapsed = info("elapsedTime");
  const labels = numbersOf(label, `${where}, actions`, T);
  return {
    numSteps: T,
    labels: shared(action instanceof Discrete ? labels.map((value) => value - action.start) : labels),
    elapsed: shared(
      elapsed === undefined ? new Float32Array(T).fill(1) : numbersOf(elapsed, `${where}, infos.elapsedTime`, T),
    ),
    obs: packObs(table.columns.get("observations"), where, T),
  };
}

/** The first T rows of a column of finite numbers. */
function numbersOf(column: Column | undefined, where: string, T: number): Float32Array {
  if (column?.kind !== "numbers") throw new FormatError("episode-field", `${where}: expected numbers`);
  const width = column.shape.reduce((a, b) => a * b, 1);
  const values = Float32Array.from({ length: T * width }, (_, i) => Number(column.data[i]));
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new FormatError(
      "bad-demonstration",
      `${where}, row ${Math.floor(at / width)}: ${values[at]}, expected a finite number`,
    );
  }
  return values;
}

function packObs(column: Column | undefined, where: string, T: number): PackedEpisode["obs"] {
  if (column?.kind === "bytes") return packImages(column.values.slice(0, T), where);
  if (column?.kind === "numbers" && column.data instanceof Uint8Array) {
    return { kind: "numbers", data: shared(firstRows(column.data, column.shape, T)) };
  }
  return { kind: "numbers", data: shared(numbersOf(column, `${where}, observations`, T)) };
}

function firstRows(data: Uint8Array, shape: readonly number[], T: number): ObsBuffer & Uint8Array {
  return data.slice(0, T * shape.reduce((a, b) => a * b, 1));
}

function packImages(files: readonly (Uint8Array | null)[], where: string): PackedEpisode["obs"] {
  const missing = files.indexOf(null);
  if (missing >= 0) throw new FormatError("episode-field", `${where}, observations, row ${missing}: there is no image`);
  const present = files as readonly Uint8Array[]; // none is null
  const ends = new Float64Array(files.length);
  let total = 0;
  for (const [t, file] of present.entries()) ends[t] = total += file.length;
  const bytes = new Uint8Array(new SharedArrayBuffer(Math.max(1, total)));
  for (const [t, file] of present.entries()) bytes.set(file, ends[t]! - file.length);
  return { kind: "png", bytes, ends: shared(ends) };
}
