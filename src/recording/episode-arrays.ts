import { Discrete } from "gymnasium-js";
import { FormatError } from "../errors.ts";
import type { Column, ElementArray, EpisodeTable } from "./column.ts";
import { sizeOf } from "./column.ts";
import { type Inflate, decodePng } from "./decode-png.ts";
import { type RecordedSpace, isImageSpace } from "./space-json.ts";

/** An episode as learners read it. */
export interface EpisodeArrays {
  /** T */
  readonly numSteps: number;
  /** [T + 1, D] bytes for pictures and other uint8 spaces */
  readonly obs: Float32Array | Uint8Array;
  /** Discrete: [T] indices from 0. Box: [T, A]. What the actor wanted: the expert's label where its actions were disturbed, else what was done. */
  readonly actions: Int32Array | Float32Array;
  /** [T + 1] elapsed time that belongs to the observation, in nominal control periods; 1 where nothing was recorded */
  readonly elapsed: Float32Array;
  /** [T] */
  readonly rewards: Float64Array;
}

/** The spaces an episode was recorded in. */
export interface EpisodeSpaces {
  readonly observationSpace: RecordedSpace;
  readonly actionSpace: RecordedSpace;
}

const bad = (field: string, why: string): FormatError => new FormatError("episode-field", `field ${field} ${why}`);

/** Reads the columns that learning needs. Throws FormatError `episode-field` naming the field, for wrong shapes and for NaN. */
export function episodeArrays(table: EpisodeTable, spaces: EpisodeSpaces, inflate: Inflate): EpisodeArrays {
  const { numSteps: T, columns } = table;
  const infos = columns.get("infos");
  const info = (name: string): Column | undefined => (infos?.kind === "group" ? infos.columns.get(name) : undefined);
  const elapsed = info("elapsedTime");
  return {
    numSteps: T,
    obs: observations(columns.get("observations"), spaces.observationSpace, inflate),
    actions: actions(info("label") ?? columns.get("actions"), spaces.actionSpace, T),
    elapsed:
      elapsed === undefined
        ? new Float32Array(T + 1).fill(1)
        : Float32Array.from(reals(elapsed, "infos.elapsedTime", [])),
    rewards: Float64Array.from(reals(columns.get("rewards"), "rewards", []).subarray(0, T)),
  };
}

function observations(column: Column | undefined, space: RecordedSpace, inflate: Inflate): Float32Array | Uint8Array {
  if (column?.kind === "bytes") return pictures(column.values, space, inflate);
  const shape = space instanceof Discrete ? [] : space.shape;
  const values = numbers(column, "observations", shape);
  return values instanceof Uint8Array ? values : Float32Array.from(reals(column, "observations", shape));
}

function pictures(files: readonly (Uint8Array | null)[], space: RecordedSpace, inflate: Inflate): Uint8Array {
  if (!isImageSpace(space)) throw bad("observations", `holds files, but the observation space is ${String(space)}`);
  const [height, width] = space.shape as readonly [number, number]; // an image space
  const size = { height, width, channels: space.shape.length === 2 ? 1 : 3 } as const;
  const D = sizeOf(space.shape);
  const pixels = new Uint8Array(files.length * D);
  for (const [t, file] of files.entries()) {
    if (file === null) throw bad("observations", `is empty in row ${t}`);
    try {
      decodePng(file, size, inflate, pixels, t * D);
    } catch (error) {
      throw error instanceof FormatError ? bad("observations", `in row ${t}: ${error.message}`) : error;
    }
  }
  return pixels;
}

function actions(column: Column | undefined, space: RecordedSpace, T: number): Int32Array | Float32Array {
  if (!(space instanceof Discrete)) {
    const A = sizeOf(space.shape);
    return Float32Array.from(reals(column, "actions", space.shape).subarray(0, T * A));
  }
  if (column?.kind !== "numbers" || sizeOf(column.shape) !== 1)
    throw bad("actions", "does not hold one number per row");
  return Int32Array.from(column.data.subarray(0, T) as ArrayLike<number | bigint>, (value, t) => {
    const action = Number(value);
    if (!space.contains(action)) throw bad("actions", `is ${action} in row ${t}, outside of ${String(space)}`);
    return action - space.start;
  });
}

/** Finite numbers of one shape per row. */
function reals(column: Column | undefined, field: string, shape: readonly number[]): Float64Array {
  const values = numbers(column, field, shape);
  const size = sizeOf(shape);
  return Float64Array.from(values as ArrayLike<number | bigint>, (value, i) => {
    if (!Number.isFinite(Number(value))) throw bad(field, `is ${value} in row ${Math.floor(i / size)}`);
    return Number(value);
  });
}

function numbers(column: Column | undefined, field: string, shape: readonly number[]): ElementArray {
  if (column?.kind !== "numbers") throw bad(field, "does not hold numbers");
  if (sizeOf(column.shape) !== sizeOf(shape))
    throw bad(field, `has ${sizeOf(column.shape)} numbers per row, expected ${sizeOf(shape)}`);
  return column.data;
}
