import { FormatError } from "../errors.ts";

/** Undoes zlib compression; Node and the browser have different ones. */
export type Inflate = (bytes: Uint8Array) => Uint8Array;

/** Size of a picture as observations have it. */
export interface PictureSize {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const bad = (message: string): FormatError => new FormatError("png", `PNG: ${message}`);

/**
 * Pixels of a PNG file, written to `out` from `at` on, [height, width, channels]. Reads what datasets hold: 8 bits per channel, grey or RGB,
 * not interlaced, all five row filters.
 *
 * Source: PNG specification, third edition, sections 5, 9 and 11. Throws FormatError `png` on other kinds, sizes and damage.
 */
export function decodePng(file: Uint8Array, size: PictureSize, inflate: Inflate, out: Uint8Array, at: number): void {
  if (signature.some((byte, i) => file[i] !== byte))
    throw bad(
      file[0] === 0xff && file[1] === 0xd8 ? "this is a JPEG picture, which is not read" : "this is no PNG picture",
    );
  const { header, data } = chunks(file);
  checkHeader(header, size);
  const rows = inflated(data, inflate);
  const rowBytes = size.width * size.channels;
  if (rows.length !== size.height * (rowBytes + 1))
    throw bad(`holds ${rows.length} bytes of rows, expected ${size.height * (rowBytes + 1)}`);
  for (let y = 0; y < size.height; y++)
    unfilter(rows, y * (rowBytes + 1), rowBytes, size.channels, out, at + y * rowBytes, y > 0);
}

/** Height and width that a PNG file's header says; null where it is no PNG file. Nothing else is looked at. */
export function pngSize(file: Uint8Array): { readonly height: number; readonly width: number } | null {
  if (file.length < 24 || signature.some((byte, i) => file[i] !== byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function chunks(file: Uint8Array): { header: Uint8Array; data: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Uint8Array[] = [];
  let header: Uint8Array | null = null;
  for (let at = 8; at + 12 <= file.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const body = file.subarray(at + 8, at + 8 + length);
    if (body.length < length) break;
    if (type === "IHDR") header = body;
    if (type === "IDAT") parts.push(body);
    if (type === "IEND" && header !== null && parts.length > 0) return { header, data: joined(parts) };
    at += 12 + length;
  }
  throw bad("the file is cut short");
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function checkHeader(header: Uint8Array, { height, width, channels }: PictureSize): void {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [w, h, depth, color, interlace] = [view.getUint32(0), view.getUint32(4), header[8], header[9], header[12]];
  if (w !== width || h !== height) throw bad(`${h}×${w} pixels, expected ${height}×${width}`);
  if (depth !== 8 || interlace !== 0 || color !== (channels === 1 ? 0 : 2))
    throw bad(
      `kind ${color} with ${depth} bits, interlacing ${interlace}; expected ${channels === 1 ? "grey" : "RGB"} of 8 bits`,
    );
}

function inflated(data: Uint8Array, inflate: Inflate): Uint8Array {
  try {
    return inflate(data);
  } catch (cause) {
    throw new FormatError("png", `PNG: the pixels cannot be unpacked: ${(cause as Error).message}`, { cause });
  }
}

/** One row: a filter byte, then bytes that are differences to the left (a), the row above (b), and above left (c). */
function unfilter(
  rows: Uint8Array,
  from: number,
  rowBytes: number,
  pixelBytes: number,
  out: Uint8Array,
  to: number,
  hasAbove: boolean,
): void {
  const filter = rows[from]!;
  if (filter > 4) throw bad(`row filter ${filter} does not exist`);
  if (filter === 0) {
    out.set(rows.subarray(from + 1, from + 1 + rowBytes), to);
    return;
  }
  for (let i = 0; i < rowBytes; i++) {
    const a = i >= pixelBytes ? out[to + i - pixelBytes]! : 0;
    const b = hasAbove ? out[to + i - rowBytes]! : 0;
    const c = hasAbove && i >= pixelBytes ? out[to + i - rowBytes - pixelBytes]! : 0;
    out[to + i] = rows[from + 1 + i]! + predicted(filter, a, b, c);
  }
}

function predicted(filter: number, a: number, b: number, c: number): number {
  if (filter === 1) return a;
  if (filter === 2) return b;
  if (filter === 3) return (a + b) >> 1;
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}
