import { deflateSync } from "node:zlib";

/** Compresses bytes to a zlib stream: `encodePng(image, zlibDeflate)`. Node only. */
export function zlibDeflate(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(deflateSync(bytes, { level: 9 }));
}
