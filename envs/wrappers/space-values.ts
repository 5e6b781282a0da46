import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readValue, writeValue } from "../snapshot/value-bytes.ts";
import { createEmptyArray, iterate } from "../spaces/batch-values.ts";
import type { Space } from "../spaces/space.ts";

/** The value of a space that is zero everywhere. */
export function zeroValue(space: Space<unknown>): unknown {
  return iterate(space, createEmptyArray(space, 1), 1)[0];
}

/** Writes values of a space and their number. */
export function writeAll(writer: ByteWriter, space: Space<unknown>, values: readonly unknown[]): void {
  writer.uint32(values.length);
  for (const value of values) writeValue(writer, space, value);
}

/** Reads what `writeAll` wrote. */
export function readAll(reader: ByteReader, space: Space<unknown>): unknown[] {
  return Array.from({ length: reader.uint32() }, () => readValue(reader, space));
}
