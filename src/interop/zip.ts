import { inflateRawSync } from "node:zlib";
import { FormatError } from "../errors.ts";

/** One file of a zip archive. */
export interface ZipEntry {
  /** path within the archive */
  readonly name: string;
  /** unpacked bytes */
  readonly data: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** sizes of the fixed parts of the three records */
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES] = [30, 46, 22];
const MAX_COMMENT = 0xffff;
/** refuses archives that unpack to more than this, so that a small file cannot fill the memory */
const MAX_TOTAL = 2 ** 31;

const bad = (message: string): FormatError => new FormatError("zip", `zip archive: ${message}`);

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Reads a zip archive of stored or deflated files. Source: PKWARE APPNOTE 6.3.
 * Throws FormatError (`zip`) for damage, a wrong checksum, encryption, ZIP64, another compression, or more than 2 GiB unpacked.
 */
export function readZip(bytes: Uint8Array): ZipEntry[] {
  const data = view(bytes);
  const end = findEnd(bytes, data);
  const count = data.getUint16(end + 10, true);
  let at = data.getUint32(end + 16, true);
  let total = 0;
  return Array.from({ length: count }, () => {
    if (at + CENTRAL_BYTES > bytes.length || data.getUint32(at, true) !== CENTRAL)
      throw bad("the list of files is damaged");
    const entry = readCentral(bytes, data, at);
    at += entry.recordBytes;
    total += entry.size;
    if (total > MAX_TOTAL) throw bad(`unpacks to more than ${MAX_TOTAL} bytes`);
    return { name: entry.name, data: readFile(bytes, data, entry) };
  });
}

interface Central {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
  readonly recordBytes: number;
}

function findEnd(bytes: Uint8Array, data: DataView): number {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) if (data.getUint32(at, true) === END) return at;
  throw bad("no end record: not a zip file, or cut off");
}

function readCentral(bytes: Uint8Array, data: DataView, at: number): Central {
  const u16 = (offset: number): number => data.getUint16(at + offset, true);
  const u32 = (offset: number): number => data.getUint32(at + offset, true);
  const nameBytes = u16(28);
  const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes));
  if ((u16(8) & 1) !== 0) throw bad(`${name} is encrypted`);
  const entry = { name, method: u16(10), crc: u32(16), packed: u32(20), size: u32(24), offset: u32(42) };
  if ([entry.packed, entry.size, entry.offset].includes(0xffffffff))
    throw bad(`${name} needs ZIP64, which is not supported`);
  return { ...entry, recordBytes: CENTRAL_BYTES + nameBytes + u16(30) + u16(32) };
}

function readFile(bytes: Uint8Array, data: DataView, { name, method, crc, packed, size, offset }: Central): Uint8Array {
  if (offset + LOCAL_BYTES > bytes.length || data.getUint32(offset, true) !== LOCAL)
    throw bad(`${name} is not where the list says`);
  const start = offset + LOCAL_BYTES + data.getUint16(offset + 26, true) + data.getUint16(offset + 28, true);
  const raw = bytes.subarray(start, start + packed);
  if (raw.length !== packed) throw bad(`${name} is cut off`);
  const unpacked = unpack(name, method, raw, size);
  if (unpacked.length !== size || crc32(unpacked) !== crc) throw bad(`${name} has a wrong size or checksum`);
  return unpacked;
}

function unpack(name: string, method: number, raw: Uint8Array, size: number): Uint8Array {
  if (method === 0) return new Uint8Array(raw);
  if (method !== 8) throw bad(`${name} is compressed with method ${method}; expected stored or deflated`);
  try {
    return Uint8Array.from(inflateRawSync(raw, { maxOutputLength: Math.max(size, 1) }));
  } catch (cause) {
    throw new FormatError("zip", `zip archive: ${name} does not inflate`, { cause });
  }
}

/** Writes a zip archive of stored files, dated 1980-01-01: equal entries give equal bytes. */
export function writeZip(entries: readonly ZipEntry[]): Uint8Array {
  const local: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const nameBytes = new TextEncoder().encode(name);
    const [head, record] = [
      new Uint8Array(LOCAL_BYTES + nameBytes.length),
      new Uint8Array(CENTRAL_BYTES + nameBytes.length),
    ];
    const crc = crc32(data);
    writeFields(head, [
      [LOCAL, 4],
      [20, 2],
      [0x800, 2],
      [0, 2],
      [0, 2],
      [0x21, 2],
      [crc, 4],
      [data.length, 4],
      [data.length, 4],
      [nameBytes.length, 2],
      [0, 2],
    ]);
    writeFields(record, [
      [CENTRAL, 4],
      [20, 2],
      [20, 2],
      [0x800, 2],
      [0, 2],
      [0, 2],
      [0x21, 2],
      [crc, 4],
      [data.length, 4],
      [data.length, 4],
      [nameBytes.length, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 2],
      [0, 4],
      [offset, 4],
    ]);
    head.set(nameBytes, LOCAL_BYTES);
    record.set(nameBytes, CENTRAL_BYTES);
    local.push(head, data);
    central.push(record);
    offset += head.length + data.length;
  }
  const end = new Uint8Array(END_BYTES);
  const listBytes = central.reduce((sum, record) => sum + record.length, 0);
  writeFields(end, [
    [END, 4],
    [0, 2],
    [0, 2],
    [entries.length, 2],
    [entries.length, 2],
    [listBytes, 4],
    [offset, 4],
    [0, 2],
  ]);
  return Uint8Array.from(Buffer.concat([...local, ...central, end]));
}

function writeFields(bytes: Uint8Array, fields: readonly (readonly [value: number, size: number])[]): void {
  const data = view(bytes);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) data.setUint16(at, value, true);
    else data.setUint32(at, value, true);
    at += size;
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) === 0 ? c >>> 1 : 0xedb88320 ^ (c >>> 1);
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
