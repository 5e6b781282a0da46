import {
  Binary,
  Bool,
  type Data,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  makeData,
  tableToIPC,
} from "apache-arrow";
import { type Column, type ElementType, type EpisodeTable, numRows, sizeOf } from "./column.ts";

const arrowTypes = {
  float32: Float32,
  float64: Float64,
  int8: Int8,
  int16: Int16,
  int32: Int32,
  int64: Int64,
  uint8: Uint8,
  uint16: Uint16,
  uint32: Uint32,
  uint64: Uint64,
} as const satisfies Record<ElementType, new () => DataType>;

/** Most rows that Python's reader takes as one episode. */
export const maxRows = 131_072;

/**
 * An episode as an Arrow IPC file: one uncompressed record batch, as Minari's "arrow" storage wants it. Browser-safe.
 *
 * Throws RangeError where columns have different numbers of rows or there are too many of them: our own bugs.
 */
export function encodeEpisode({ numSteps, columns }: EpisodeTable): Uint8Array {
  const R = numSteps + 1;
  if (R > maxRows) throw new RangeError(`internal: an episode of ${numSteps} steps is too long for one record batch`);
  const { fields, children } = parts(columns, R);
  const schema = new Schema(fields);
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length: R, nullCount: 0, children }));
  return tableToIPC(new Table(schema, [batch]), "file");
}

function parts(columns: ReadonlyMap<string, Column>, R: number): { fields: Field[]; children: Data[] } {
  const encoded = [...columns].map(([name, column]) => {
    if (numRows(column) !== R)
      throw new RangeError(`internal: column ${name} has ${numRows(column)} rows, expected ${R}`);
    const data = columnData(column, R);
    return { data, field: new Field(name, data.type, data.nullCount > 0, shapeNote(column)) };
  });
  return { fields: encoded.map((e) => e.field), children: encoded.map((e) => e.data) };
}

// Minari reads the shape of an array in `infos` from here.
function shapeNote(column: Column): Map<string, string> {
  return new Map(column.kind === "numbers" && column.shape.length > 0 ? [["shape", column.shape.join(",")]] : []);
}

function columnData(column: Column, R: number): Data {
  switch (column.kind) {
    case "numbers":
      return numbersData(column, R);
    case "flags":
      return makeData({ type: new Bool(), length: R, nullCount: 0, data: packBits(column.data) });
    case "bytes":
      return bytesData(column.values);
    case "group": {
      const { fields, children } = parts(column.columns, R);
      return makeData({ type: new Struct(fields), length: R, nullCount: 0, children });
    }
    default:
      return column satisfies never;
  }
}

function numbersData({ type, shape, data }: Column & { kind: "numbers" }, R: number): Data {
  const element = new arrowTypes[type]();
  const values = makeData({ type: element, length: data.length, nullCount: 0, data } as Parameters<typeof makeData>[0]); // type and data agree by construction
  if (shape.length === 0) return values;
  const list = new FixedSizeList<DataType>(sizeOf(shape), new Field("item", element, true));
  return makeData({ type: list, length: R, nullCount: 0, child: values });
}

function bytesData(values: readonly (Uint8Array | null)[]): Data {
  const valueOffsets = new Int32Array(values.length + 1);
  values.forEach((value, i) => (valueOffsets[i + 1] = valueOffsets[i]! + (value?.length ?? 0)));
  const data = new Uint8Array(valueOffsets[values.length]!);
  values.forEach((value, i) => value !== null && data.set(value, valueOffsets[i]));
  const isThere = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  const nullCount = values.filter((value) => value === null).length;
  const nullBitmap = nullCount === 0 ? null : packBits(isThere);
  return makeData({ type: new Binary(), length: values.length, nullCount, nullBitmap, valueOffsets, data });
}

/** Bits, lowest first, as Arrow has them. */
function packBits(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 64) * 8);
  flags.forEach((flag, i) => {
    if (flag !== 0) bits[i >> 3]! |= 1 << (i & 7);
  });
  return bits;
}
