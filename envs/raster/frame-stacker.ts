import type { FrameOptions } from "./frame-options.ts";
import { Rasterizer } from "./rasterizer.ts";

/** The pictures an env has shown last. */
export interface PictureStack {
  /** [size, size, stackSize]; the pictures of one pixel lie side by side, the newest last. */
  readonly bytes: Uint8Array;
  /** The same memory with the four pictures of a pixel as one number, the newest highest; null where that is not so. */
  readonly words: Int32Array | null;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * Makes stacked observations out of painted pictures. Use: `begin`, then paint on `next()` once per picture that counts (the last two
 * are kept), then `push` or `fill`. Holds no state beyond that, so one serves any number of envs; steps allocate nothing.
 */
export class FrameStacker {
  readonly #stackSize: number;
  readonly #rasters: readonly [Rasterizer, Rasterizer];
  #painted = 0;

  constructor({ screenSize, stackSize }: FrameOptions) {
    const raster = (): Rasterizer =>
      new Rasterizer({ width: screenSize, height: screenSize, channels: 1, fit: "stretch" });
    this.#rasters = [raster(), raster()];
    this.#stackSize = stackSize;
  }

  /** A black stack. */
  createStack(): PictureStack {
    const bytes = new Uint8Array(this.#rasters[0].pixels.length * this.#stackSize);
    return { bytes, words: this.#stackSize === 4 && IS_LITTLE_ENDIAN ? new Int32Array(bytes.buffer) : null };
  }

  /** Forgets the pictures of the step before. */
  begin(): void {
    this.#painted = 0;
  }

  /** What to paint the next picture on. */
  next(): Rasterizer {
    return this.#rasters[this.#painted++ % 2 === 0 ? 0 : 1];
  }

  /** Drops the oldest picture of a stack and appends the new one. */
  push({ bytes, words }: PictureStack): void {
    const picture = this.#merged();
    if (words !== null) {
      pushWords(words, picture);
      return;
    }
    bytes.copyWithin(0, 1); // moves every picture one slot to the left; the last slots are written next
    for (let i = 0, to = this.#stackSize - 1; i < picture.length; i++, to += this.#stackSize) bytes[to] = picture[i]!;
  }

  /** Makes all pictures of a stack the new one, as after a reset. */
  fill({ bytes, words }: PictureStack): void {
    const picture = this.#merged();
    if (words !== null) {
      for (let i = 0; i < words.length; i++) words[i] = Math.imul(picture[i]!, 0x01010101);
      return;
    }
    for (let i = 0; i < picture.length; i++) bytes.fill(picture[i]!, i * this.#stackSize, (i + 1) * this.#stackSize);
  }

  /** The maximum of the last two pictures, or the only one. */
  #merged(): Uint8Array {
    const first = this.#rasters[0].pixels;
    if (this.#painted < 2) return first;
    const second = this.#rasters[1].pixels;
    for (let i = 0; i < first.length; i++) if (second[i]! > first[i]!) first[i] = second[i]!;
    return first;
  }
}

/** Shifts every pixel's four pictures by one and puts the new one on top. Four pixels a turn: the loop itself costs as much as its body. */
function pushWords(words: Int32Array, picture: Uint8Array): void {
  const size = words.length;
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    words[i] = (words[i]! >>> 8) | (picture[i]! << 24);
    words[i + 1] = (words[i + 1]! >>> 8) | (picture[i + 1]! << 24);
    words[i + 2] = (words[i + 2]! >>> 8) | (picture[i + 2]! << 24);
    words[i + 3] = (words[i + 3]! >>> 8) | (picture[i + 3]! << 24);
  }
  for (; i < size; i++) words[i] = (words[i]! >>> 8) | (picture[i]! << 24);
}
