import { InvalidSnapshot } from "../errors.ts";
import { dtypeOf } from "../spaces/dtype.ts";
import type { Space } from "../spaces/space.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Writes any value of a space: typed arrays as their bytes, others as JSON. */
export function writeValue(writer: ByteWriter, space: Space<unknown>, value: unknown): void {
  const isArray = dtypeOf(value) !== null;
  writer.uint8(isArray ? 1 : 0);
  const bytes = isArray
    ? new Uint8Array((value as Uint8Array).buffer, (value as Uint8Array).byteOffset, (value as Uint8Array).byteLength)
    : new TextEncoder().encode(JSON.stringify(space.toJson([value])));
  writer.uint32(bytes.length);
  writer.bytes(bytes);
}

/** Reads what `writeValue` wrote. Throws InvalidSnapshot. */
export function readValue(reader: ByteReader, space: Space<unknown>): unknown {
  const isArray = reader.uint8(1) === 1;
  const bytes = reader.bytes(reader.uint32());
  if (!isArray) return parse(bytes, space);
  const value = (space as Space<unknown> & { zeros?: () => Uint8Array }).zeros?.() ?? new Int8Array(bytes.length);
  if (value.byteLength !== bytes.length) {
    throw new InvalidSnapshot(
      `snapshot: got a value of ${bytes.length} bytes, expected ${value.byteLength} for ${String(space)}`,
    );
  }
  new Uint8Array(value.buffer).set(bytes);
  return value;
}

function parse(bytes: Uint8Array, space: Space<unknown>): unknown {
  try {
    return space.fromJson(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)))[0];
  } catch (cause) {
    throw new InvalidSnapshot(`snapshot: a value of ${String(space)} is damaged`, { cause });
  }
}
