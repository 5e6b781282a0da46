/** Turns bytes into a zlib stream (RFC 1950). `gymnasium-js/node` has one that really compresses. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

const LARGEST_BLOCK = 65535;

/** A valid zlib stream of stored blocks (RFC 1951, 3.2.4): nothing is made smaller, but any reader takes it and it runs anywhere. */
export function zlibStored(bytes: Uint8Array): Uint8Array {
  const numBlocks = Math.max(1, Math.ceil(bytes.length / LARGEST_BLOCK));
  const out = new Uint8Array(2 + bytes.length + 5 * numBlocks + 4);
  const view = new DataView(out.buffer);
  out[0] = 0x78;
  out[1] = 0x01;
  let at = 2;
  for (let block = 0; block < numBlocks; block++) {
    const part = bytes.subarray(block * LARGEST_BLOCK, (block + 1) * LARGEST_BLOCK);
    out[at] = block === numBlocks - 1 ? 1 : 0;
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, part.length ^ 0xffff, true);
    out.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, adler32(bytes));
  return out;
}

/** The checksum at the end of a zlib stream (RFC 1950, section 8.2). */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length;) {
    const end = Math.min(bytes.length, i + 3800); // as far as b stays below 2^32
    for (; i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
