import { inflateSync, crc32 as nodeCrc32 } from "node:zlib";

/** A PNG file read by an independent, strict reader: 8-bit grey, RGB or RGBA, not interlaced. Throws on anything wrong. */
export function decodePng(bytes: Uint8Array): { width: number; height: number; channels: number; pixels: Uint8Array } {
  const data = Buffer.from(bytes);
  if (data.subarray(0, 8).toString("hex") !== "89504e470d0a1a0a") throw new Error("no PNG signature");
  const chunks: { type: string; body: Buffer }[] = [];
  for (let at = 8; at < data.length;) {
    const length = data.readUInt32BE(at);
    const typed = data.subarray(at + 4, at + 8 + length);
    if (nodeCrc32(typed) !== data.readUInt32BE(at + 8 + length)) throw new Error(`bad checksum at byte ${at}`);
    chunks.push({ type: typed.subarray(0, 4).toString("latin1"), body: typed.subarray(4) });
    at += 12 + length;
  }
  const header = chunks[0]!.body;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const channels = { 0: 1, 2: 3, 6: 4 }[header[9]!];
  if (chunks[0]!.type !== "IHDR" || chunks.at(-1)!.type !== "IEND" || header[8] !== 8 || channels === undefined) {
    throw new Error("not the kind of PNG this reader knows");
  }
  const rows = inflateSync(Buffer.concat(chunks.filter((c) => c.type === "IDAT").map((c) => c.body)));
  const stride = width * channels;
  if (rows.length !== (stride + 1) * height) throw new Error(`${rows.length} bytes of rows`);
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    if (rows[y * (stride + 1)] !== 0) throw new Error(`row ${y} has a filter`);
    pixels.set(rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)), y * stride);
  }
  return { width, height, channels, pixels };
}
