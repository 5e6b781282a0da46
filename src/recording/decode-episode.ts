import { type Data, type DataType, type Field, type FixedSizeList, type Table, Type, tableFromIPC } from "apache-arrow";
import { FormatError } from "../errors.ts";
import { type Column, type ElementArray, type ElementType, type EpisodeTable, elementTypes, sizeOf } from "./column.ts";
import { maxRows } from "./encode-episode.ts";

const bad = (code: string, message: string): FormatError => new FormatError(`episode-${code}`, message);

const required = ["observations", "actions", "rewards", "terminations", "truncations"] as const;

/**
 * Reads an episode from an Arrow IPC file. Numbers are views of `bytes` where their alignment allows. Browser-safe.
 *
 * Throws FormatError `episode-file`, `episode-field` saying which field is wrong; the caller adds the file's name. Bytes damaged inside may
 * make Arrow's own reader loop for minutes: compare checksums first (`DatasetReader` does).
 */
export function decodeEpisode(bytes: Uint8Array): EpisodeTable {
  const table = readTable(bytes);
  const [batch] = table.batches;
  if (batch === undefined || table.batches.length !== 1)
    throw bad("file", `holds ${table.batches.length} record batches, expected one`);
  const numSteps = batch.numRows - 1;
  if (numSteps < 1 || numSteps >= maxRows)
    throw bad("file", `holds ${batch.numRows} rows; an episode has 2 to ${maxRows} (one more than steps)`);
  const columns = decodeFields(table.schema.fields, batch.data.children, batch.numRows, []);
  for (const name of required) if (!columns.has(name)) throw bad("field", `field ${name} is missing`);
  return { numSteps, columns };
}

function readTable(bytes: Uint8Array): Table {
  const isWhole = bytes.length > 20 && isMagic(bytes.subarray(0, 6)) && isMagic(bytes.subarray(-6));
  if (!isWhole) throw bad("file", `is not a whole Arrow file (${bytes.length} bytes)`);
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw new FormatError("episode-file", `cannot be read as Arrow: ${(cause as Error).message}`, { cause });
  }
}

const isMagic = (bytes: Uint8Array): boolean => String.fromCharCode(...bytes) === "ARROW1";

function decodeFields(
  fields: readonly Field[],
  children: readonly (Data | undefined)[],
  R: number,
  path: readonly string[],
): Map<string, Column> {
  return new Map(
    fields.map((field, i) => {
      const at = [...path, field.name];
      const data = children[i];
      if (data === undefined || data.length !== R) throw bad("field", `field ${at.join(".")} does not have ${R} rows`);
      return [field.name, decodeColumn(field, data, at)] as const;
    }),
  );
}

function decodeColumn(field: Field, data: Data, path: readonly string[]): Column {
  const { type } = data;
  const where = path.join(".");
  if (type.typeId === Type.Binary || type.typeId === Type.Utf8) return { kind: "bytes", values: byteStrings(data) };
  if (data.nullCount > 0) throw bad("field", `field ${where} has empty rows`);
  if (type.typeId === Type.Struct)
    return { kind: "group", columns: decodeFields(type.children, data.children, data.length, path) };
  if (type.typeId === Type.Bool) return { kind: "flags", data: unpackBits(data) };
  if (type.typeId === Type.FixedSizeList) {
    const [child] = data.children;
    const size = (type as FixedSizeList).listSize; // its typeId says so
    if (child === undefined || child.nullCount > 0) throw bad("field", `field ${where} has empty elements`);
    const values = numbers(child, data.offset * size, data.length * size, where);
    return { kind: "numbers", shape: shapeOf(field, size, where), ...values };
  }
  return { kind: "numbers", shape: [], ...numbers(data, 0, data.length, where) };
}

function shapeOf(field: Field, size: number, where: string): readonly number[] {
  const note = field.metadata.get("shape");
  if (note === undefined) return [size];
  const shape = note.split(",").map(Number);
  if (sizeOf(shape) !== size)
    throw bad("field", `field ${where} has ${size} elements per row, but its shape is [${note}]`);
  return shape;
}

function numbers(data: Data, from: number, length: number, where: string): { type: ElementType; data: ElementArray } {
  const type = elementTypeOf(data.type);
  if (type === null) throw bad("field", `field ${where} is of type ${data.type}, which is not read`);
  const values: ElementArray = data.values.subarray(from, from + length); // numbers of this type
  if (values.length !== length) throw bad("field", `field ${where} is cut short`);
  return { type, data: values };
}

function elementTypeOf(type: DataType): ElementType | null {
  const name = String(type).toLowerCase();
  return Object.hasOwn(elementTypes, name) ? (name as ElementType) : null;
}

function unpackBits(data: Data): Uint8Array {
  const bits: Uint8Array = data.values;
  return Uint8Array.from({ length: data.length }, (_, i) => {
    const at = data.offset + i;
    return (bits[at >> 3]! >> (at & 7)) & 1;
  });
}

function byteStrings(data: Data): (Uint8Array | null)[] {
  const offsets: Int32Array = data.valueOffsets;
  const bytes: Uint8Array = data.values;
  return Array.from({ length: data.length }, (_, i) =>
    data.getValid(i) ? bytes.subarray(offsets[i], offsets[i + 1]) : null,
  );
}
