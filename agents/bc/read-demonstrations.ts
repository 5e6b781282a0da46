import { Discrete } from "gymnasium-js";
import { ConfigError, FormatError } from "../../src/errors.ts";
import { type Column, type ElementArray, type EpisodeTable, sizeOf } from "../../src/recording/column.ts";
import { pngSize } from "../../src/recording/decode-png.ts";
import { DatasetReader } from "../../src/recording/dataset-reader.ts";
import { type RecordedSpace, spaceJson } from "../../src/recording/space-json.ts";
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
  { observation, action }: DemonstrationSpaces,
  where: string,
): PackedEpisode {
  const T = table.numSteps;
  const infos = table.columns.get("infos");
  const info = (name: string): Column | undefined => (infos?.kind === "group" ? infos.columns.get(name) : undefined);
  const label = info("label") ?? table.columns.get("actions");
  const elapsed = info("elapsedTime");
  const human = info("human");
  const obs = packObs(table.columns.get("observations"), observation, `${where}, observations`, T);
  return {
    numSteps: T,
    labels: shared(labelsOf(label, action, `${where}, actions`, T)),
    elapsed: shared(
      elapsed === undefined ? new Float32Array(T).fill(1) : numbersOf(elapsed, 1, `${where}, infos.elapsedTime`, T),
    ),
    ...(human !== undefined && { byHand: shared(byHandOf(human, `${where}, infos.human`, T)) }),
    obs,
  };
}

/** 1 for steps that a human made, 0 for others. */
function byHandOf(column: Column, where: string, T: number): Uint8Array {
  const values = numbersOf(column, 1, where, T);
  const at = values.findIndex((value) => value !== 0 && value !== 1);
  if (at >= 0) throw new FormatError("bad-demonstration", `${where}, row ${at}: ${values[at]}, expected 0 or 1`);
  return Uint8Array.from(values);
}

/** Numbers in one value of a space. */
const widthOf = (space: RecordedSpace): number => (space instanceof Discrete ? 1 : sizeOf(space.shape));

/** Labels as losses want them: choices counted from 0. */
function labelsOf(column: Column | undefined, space: RecordedSpace, where: string, T: number): Float32Array {
  const labels = numbersOf(column, widthOf(space), where, T);
  if (!(space instanceof Discrete)) return labels;
  const at = labels.findIndex((label) => !space.contains(label));
  if (at >= 0)
    throw new FormatError("bad-demonstration", `${where}, row ${at}: ${labels[at]}, expected ${String(space)}`);
  return labels.map((label) => label - space.start);
}

/** The first T rows of a column of finite numbers, `width` in each. */
function numbersOf(column: Column | undefined, width: number, where: string, T: number): Float32Array {
  const data = rowsOf(column, width, where);
  const values = Float32Array.from({ length: T * width }, (_, i) => Number(data[i]));
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new FormatError(
      "bad-demonstration",
      `${where}, row ${Math.floor(at / width)}: ${values[at]}, expected a finite number`,
    );
  }
  return values;
}

/** A column's numbers, if there are `width` in each row. */
function rowsOf(column: Column | undefined, width: number, where: string): ElementArray {
  if (column?.kind !== "numbers") throw new FormatError("episode-field", `${where}: expected numbers`);
  const here = sizeOf(column.shape);
  if (here !== width)
    throw new FormatError(
      "episode-field",
      `${where}: ${here} numbers per row, expected ${width}; is the episode from another environment?`,
    );
  return column.data;
}

function packObs(column: Column | undefined, space: RecordedSpace, where: string, T: number): PackedEpisode["obs"] {
  if (column?.kind === "bytes") return packImages(column.values.slice(0, T), space, where);
  const width = widthOf(space);
  const data = rowsOf(column, width, where);
  if (data instanceof Uint8Array) return { kind: "numbers", data: shared(data.slice(0, T * width)) };
  return { kind: "numbers", data: shared(numbersOf(column, width, where, T)) };
}

function packImages(files: readonly (Uint8Array | null)[], space: RecordedSpace, where: string): PackedEpisode["obs"] {
  const missing = files.indexOf(null);
  if (missing >= 0) throw new FormatError("episode-field", `${where}, row ${missing}: there is no image`);
  const present = files as readonly Uint8Array[]; // none is null
  for (const [t, file] of present.entries()) checkPicture(file, space, `${where}, row ${t}`);
  const ends = new Float64Array(files.length);
  let total = 0;
  for (const [t, file] of present.entries()) ends[t] = total += file.length;
  const bytes = new Uint8Array(new SharedArrayBuffer(Math.max(1, total)));
  for (const [t, file] of present.entries()) bytes.set(file, ends[t]! - file.length);
  return { kind: "png", bytes, ends: shared(ends) };
}

/** Looks at a picture's header alone: decoding all of them would take as long as learning from them. */
function checkPicture(file: Uint8Array, space: RecordedSpace, where: string): void {
  const size = pngSize(file);
  if (size === null) throw new FormatError("episode-field", `${where}: this is no PNG picture`);
  const shape = space instanceof Discrete ? [] : space.shape;
  if (size.height !== shape[0] || size.width !== shape[1])
    throw new FormatError(
      "episode-field",
      `${where}: a picture of ${size.height} × ${size.width}, expected ${shape.slice(0, 2).join(" × ")}; is the episode from another environment?`,
    );
}
