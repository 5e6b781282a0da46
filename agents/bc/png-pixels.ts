import { inflateSync } from "node:zlib";
import { FormatError } from "../../src/errors.ts";

/** Bytes before the first chunk, and of a chunk's length and name. */
const SIGNATURE_BYTES = 8;
const CHUNK_HEADER = 8;
const CHECKSUM_BYTES = 4;
/** Numbers per pixel by PNG colour type: grey and RGB. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3 };

/**
 * Writes the pixels of a PNG file (grey or RGB, 8 bits, not interlaced) into `out` from `at` on, row by row.
 *
 * Source: PNG specification, third edition, sections 5, 7 and 9. Throws FormatError on other files and where the size is not as expected.
 */
export function decodePng(png: Uint8Array, out: Uint8Array, at: number, expectedSize: number): void {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const parts: Uint8Array[] = [];
  let [width, height, channels] = [0, 0, 0];
  for (let p = SIGNATURE_BYTES; p + CHUNK_HEADER <= png.length;) {
    const length = view.getUint32(p);
    const name = String.fromCharCode(...png.subarray(p + 4, p + 8));
    const body = png.subarray(p + CHUNK_HEADER, p + CHUNK_HEADER + length);
    if (name === "IHDR") {
      [width, height] = [view.getUint32(p + 8), view.getUint32(p + 12)];
      const isPlain = body[8] === 8 && body[12] === 0;
      channels = isPlain ? (CHANNELS[body[9]!] ?? 0) : 0;
    } else if (name === "IDAT") parts.push(body);
    p += CHUNK_HEADER + length + CHECKSUM_BYTES;
  }
  if (channels === 0) throw new FormatError("png", "image: expected a PNG file, grey or RGB, 8 bits, not interlaced");
  if (width * height * channels !== expectedSize)
    throw new FormatError("png", `image: ${height} x ${width} x ${channels}, expected ${expectedSize} numbers`);
  unfilter(inflated(parts), out, at, height, width * channels, channels);
}

function inflated(parts: readonly Uint8Array[]): Uint8Array {
  try {
    return inflateSync(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  } catch (cause) {
    throw new FormatError("png", "image: its compressed data is damaged", { cause });
  }
}

/** Undoes the five filters: 0 none, 1 left, 2 above, 3 their mean, 4 Paeth. */
function unfilter(rows: Uint8Array, out: Uint8Array, at: number, height: number, width: number, step: number): void {
  if (rows.length !== height * (width + 1)) throw new FormatError("png", `image: ${rows.length} bytes of rows`);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (width + 1)]!;
    const from = y * (width + 1) + 1;
    const to = at + y * width;
    if (filter === 0) {
      out.set(rows.subarray(from, from + width), to);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const left = x >= step ? out[to + x - step]! : 0;
      const above = y > 0 ? out[to + x - width]! : 0;
      const corner = y > 0 && x >= step ? out[to + x - width - step]! : 0;
      out[to + x] = rows[from + x]! + predicted(filter, left, above, corner);
    }
  }
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) throw new FormatError("png", `image: filter ${filter}, expected 0 to 4`);
  const estimate = left + above - corner;
  const [dLeft, dAbove, dCorner] = [left, above, corner].map((v) => Math.abs(estimate - v)) as [number, number, number];
  if (dLeft <= dAbove && dLeft <= dCorner) return left;
  return dAbove <= dCorner ? above : corner;
}
