import { type PixelImage, checkPixelImage } from "./pixel-image.ts";
import { type Compress, zlibStored } from "./zlib-stored.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const COLOR_TYPE = { 1: 0, 3: 2, 4: 6 } as const;

/**
 * A picture as the bytes of a PNG file (8 bits per channel, not interlaced).
 *
 * Without `compress` the pixels are stored as they are; `encodePng(image, zlibDeflate)` with `zlibDeflate` from
 * `gymnasium-js/node` makes small files. Source: PNG specification, third edition, sections 5, 11 and 12.
 *
 * @throws RangeError where sizes and pixels do not fit each other
 */
export function encodePng(image: PixelImage, compress: Compress = zlibStored): Uint8Array {
  checkPixelImage(image, "encodePng");
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.width);
  view.setUint32(4, image.height);
  header.set([8, COLOR_TYPE[image.channels], 0, 0, 0], 8);
  const body = compress(unfilteredRows(image));
  return concat([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", body),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Rows as PNG wants them: each with a filter type before it; 0 is "as is", the best one for drawings. */
function unfilteredRows({ width, height, channels, pixels }: PixelImage): Uint8Array {
  const rowBytes = width * channels;
  const rows = new Uint8Array((rowBytes + 1) * height);
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  }
  return rows;
}

/** Length, four-letter type, data, checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 with the polynomial of PNG, zip and Ethernet. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ bytes[i]!) & 255]!;
  return (crc ^ 0xffffffff) >>> 0;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
