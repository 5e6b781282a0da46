import { InvalidSnapshot } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

const MAGIC = 0x736d7967; // "gyms"
const VERSION = 1;
const CHECKSUM_SIZE = 4;
/** Bytes of a layer beside its name and its two parts. */
const FRAME_SIZE = 4 + 1 + 1 + 4 + 4 + CHECKSUM_SIZE;

/** One part of a snapshot: the state of a world or of one wrapper, with the snapshot of what it wraps. */
export interface Layer {
  /** The state of the world or wrapper itself. */
  readonly payload: Uint8Array;
  /** Snapshot of the wrapped env; empty for a world. */
  readonly inner: Uint8Array;
}

/**
 * Bytes of one layer, little-endian:
 *
 * | bytes | field |
 * |---|---|
 * | 4 | "gyms" |
 * | 1 | format version, 1 |
 * | 1 + n | length and ASCII text of the name of the world or wrapper |
 * | 4 + n | length and bytes of its own state |
 * | 4 + n | length and bytes of the wrapped env's snapshot; 0 for a world |
 * | 4 | FNV-1a of everything before |
 */
export function encodeLayer(name: string, payload: Uint8Array, inner: Uint8Array = new Uint8Array()): Uint8Array {
  const writer = new ByteWriter(FRAME_SIZE + name.length + payload.length + inner.length);
  writer.uint32(MAGIC);
  writer.uint8(VERSION);
  writer.uint8(name.length);
  for (let i = 0; i < name.length; i++) writer.uint8(name.charCodeAt(i));
  for (const part of [payload, inner]) {
    writer.uint32(part.length);
    writer.bytes(part);
  }
  writer.uint32(checksum(writer.written));
  return writer.finish();
}

/** Reads a layer of that name. Throws InvalidSnapshot on anything else. */
export function decodeLayer(name: string, bytes: Uint8Array): Layer {
  if (!(bytes instanceof Uint8Array)) throw new InvalidSnapshot(`snapshot of ${name}: expected a Uint8Array`);
  const reader = new ByteReader(bytes);
  if (reader.uint32() !== MAGIC) throw new InvalidSnapshot(`snapshot of ${name}: these bytes are no snapshot`);
  const version = reader.uint8();
  if (version !== VERSION)
    throw new InvalidSnapshot(`snapshot of ${name}: format version ${version}, expected ${VERSION}`);
  const found = String.fromCharCode(...reader.bytes(reader.uint8()));
  if (found !== name) throw new InvalidSnapshot(`snapshot of ${name}: got one of ${JSON.stringify(found)}`);
  const payload = reader.bytes(reader.uint32());
  const inner = reader.bytes(reader.uint32());
  if (reader.uint32() !== checksum(bytes.subarray(0, bytes.length - CHECKSUM_SIZE))) {
    throw new InvalidSnapshot(`snapshot of ${name}: damaged (the checksum differs)`);
  }
  reader.end();
  return { payload, inner };
}

/** FNV-1a, 32 bit. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}
