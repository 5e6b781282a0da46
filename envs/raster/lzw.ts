import type { ByteSink } from "./byte-sink.ts";

const MAX_CODES = 4096;
const TABLE_SIZE = 8192;

/**
 * GIF's variant of LZW: codes grow from `minCodeSize + 1` to 12 bits, then the table is cleared; packed low bit first into
 * sub-blocks of up to 255 bytes, ended by an empty one. Source: GIF89a specification, appendix F.
 *
 * @param indices palette indices, all below 2 ** minCodeSize
 */
export function writeLzw(out: ByteSink, indices: Uint8Array, minCodeSize: number): void {
  out.byte(minCodeSize);
  const packer = new CodePacker(out);
  const clear = 1 << minCodeSize;
  // Open addressing: key = (prefix code << 8 | next index) + 1, 0 where free.
  const keys = new Int32Array(TABLE_SIZE);
  const codes = new Int16Array(TABLE_SIZE);
  let codeSize = minCodeSize + 1;
  let next = clear + 2;
  packer.write(clear, codeSize);
  let prefix = indices[0]!;
  for (let i = 1; i < indices.length; i++) {
    const key = ((prefix << 8) | indices[i]!) + 1;
    let slot = Math.imul(key, 0x9e3779b1) >>> 19;
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) % TABLE_SIZE;
    if (keys[slot] === key) {
      prefix = codes[slot]!;
      continue;
    }
    packer.write(prefix, codeSize);
    prefix = indices[i]!;
    if (next === MAX_CODES) {
      packer.write(clear, codeSize);
      keys.fill(0);
      codeSize = minCodeSize + 1;
      next = clear + 2;
      continue;
    }
    keys[slot] = key;
    codes[slot] = next;
    // The reader is one code behind, so the size grows when the code just made no longer fits.
    if (next === 1 << codeSize) codeSize++;
    next++;
  }
  packer.write(prefix, codeSize);
  if (next === 1 << codeSize && codeSize < 12) codeSize++;
  packer.write(clear + 1, codeSize);
  packer.finish();
}

/** Packs codes of changing size into sub-blocks. */
class CodePacker {
  readonly #out: ByteSink;
  readonly #block = new Uint8Array(255);
  #length = 0;
  #bits = 0;
  #numBits = 0;

  constructor(out: ByteSink) {
    this.#out = out;
  }

  write(code: number, size: number): void {
    this.#bits |= code << this.#numBits;
    this.#numBits += size;
    while (this.#numBits >= 8) {
      this.#byte(this.#bits & 255);
      this.#bits >>>= 8;
      this.#numBits -= 8;
    }
  }

  finish(): void {
    if (this.#numBits > 0) this.#byte(this.#bits & 255);
    this.#flush();
    this.#out.byte(0);
  }

  #byte(value: number): void {
    this.#block[this.#length++] = value;
    if (this.#length === 255) this.#flush();
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#out.byte(this.#length);
    this.#out.bytes(this.#block.subarray(0, this.#length));
    this.#length = 0;
  }
}
