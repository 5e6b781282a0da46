import { ByteSink } from "./byte-sink.ts";
import { writeLzw } from "./lzw.ts";
import { ColorCounter, type Palette } from "./palette.ts";
import { checkPixelImage } from "./pixel-image.ts";

/** Size and speed of an animation. */
export interface GifOptions {
  /** Size of each picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** Pictures per second. Above 50 some are left out, since viewers slow down anything faster. */
  readonly fps: number;
  /** How often to play; 0 (default) is for ever. */
  readonly loops?: number;
}

/** One palette entry is kept for "as before". */
const MAX_COLORS = 255;
/** Shortest time a picture is shown, in hundredths of a second. */
const SHORTEST = 2;

/**
 * RGB pictures as the bytes of an animated GIF. Up to 255 colours are kept exactly, more are reduced to 255.
 *
 * Only what changed since the last picture is stored. `frames` is walked twice, so give an array or something that can start over;
 * each picture, [height, width, 3], is read at once and may then be overwritten. Source: GIF89a specification.
 *
 * @throws RangeError where there is no picture, one has the wrong size, or an option makes no sense
 */
export function encodeGif(frames: Iterable<Uint8Array>, { width, height, fps, loops = 0 }: GifOptions): Uint8Array {
  if (!(fps > 0 && fps <= 1000)) throw new RangeError(`encodeGif: fps must be in (0, 1000], got ${fps}`);
  if (!Number.isInteger(loops) || loops < 0 || loops > 65535) {
    throw new RangeError(`encodeGif: loops must be an integer from 0 to 65535, got ${loops}`);
  }
  const palette = collectColors(frames, width, height);
  const out = new ByteSink();
  const depth = Math.max(2, Math.ceil(Math.log2(palette.colors.length + 1)));
  writeHeader(out, width, height, palette, depth, loops);
  const writer = new FrameWriter(out, width, height, palette, depth);
  let shown = 0; // hundredths of a second that lie before the next picture
  let count = 0;
  for (const pixels of frames) {
    const end = Math.round((++count * 100) / fps);
    const isTooSoon = end - shown < SHORTEST && count > 1;
    if (isTooSoon) continue;
    writer.show(pixels, end - shown);
    shown = end;
  }
  writer.finish();
  out.byte(0x3b);
  return out.finish();
}

function collectColors(frames: Iterable<Uint8Array>, width: number, height: number): Palette {
  const counter = new ColorCounter(MAX_COLORS);
  let count = 0;
  for (const pixels of frames) {
    checkPixelImage({ width, height, channels: 3, pixels }, `encodeGif: frame ${count}`);
    counter.add(pixels);
    count++;
  }
  if (count === 0) throw new RangeError("encodeGif: there must be at least one frame");
  return counter.palette();
}

function writeHeader(
  out: ByteSink,
  width: number,
  height: number,
  { colors }: Palette,
  depth: number,
  loops: number,
): void {
  out.text("GIF89a");
  out.uint16(width);
  out.uint16(height);
  out.bytes([0xf0 | (depth - 1), 0, 0]);
  for (let i = 0; i < 1 << depth; i++) {
    const color = colors[i] ?? 0;
    out.bytes([(color >> 16) & 255, (color >> 8) & 255, color & 255]);
  }
  out.bytes([0x21, 0xff, 11]);
  out.text("NETSCAPE2.0");
  out.bytes([3, 1]);
  out.uint16(loops);
  out.byte(0);
}

/** Writes pictures one behind, so that a picture that did not change only lasts longer. */
class FrameWriter {
  readonly #out: ByteSink;
  readonly #width: number;
  readonly #height: number;
  readonly #palette: Palette;
  readonly #depth: number;
  /** Palette indices now on screen; none yet before the first picture. */
  readonly #screen: Int16Array;
  readonly #next: Int16Array;
  /** The part of the screen that waits to be written, and how long it has been shown. */
  #waiting: { x: number; y: number; width: number; height: number; indices: Uint8Array } | null = null;
  #delay = 0;

  constructor(out: ByteSink, width: number, height: number, palette: Palette, depth: number) {
    this.#out = out;
    this.#width = width;
    this.#height = height;
    this.#palette = palette;
    this.#depth = depth;
    this.#screen = new Int16Array(width * height).fill(-1);
    this.#next = new Int16Array(width * height);
  }

  /** Shows a picture for `delay` hundredths of a second. */
  show(pixels: Uint8Array, delay: number): void {
    let last = -1;
    let index = 0;
    for (let i = 0; i < this.#next.length; i++) {
      const r = pixels[3 * i]!;
      const g = pixels[3 * i + 1]!;
      const b = pixels[3 * i + 2]!;
      const color = (r << 16) | (g << 8) | b;
      if (color !== last) index = this.#palette.indexOf(r, g, b);
      last = color;
      this.#next[i] = index;
    }
    const changed = this.#changed();
    if (changed !== null) {
      this.finish();
      this.#waiting = changed;
      this.#delay = 0;
      this.#screen.set(this.#next);
    }
    this.#delay += delay;
  }

  /** Writes the picture that waits. */
  finish(): void {
    if (this.#waiting === null) return;
    const { x, y, width, height, indices } = this.#waiting;
    const out = this.#out;
    out.bytes([0x21, 0xf9, 4, 0b0101]); // leave the picture in place, one index is transparent
    out.uint16(Math.min(65535, this.#delay));
    out.bytes([this.#palette.colors.length, 0, 0x2c]);
    for (const value of [x, y, width, height]) out.uint16(value);
    out.byte(0);
    writeLzw(out, indices, this.#depth);
    this.#waiting = null;
  }

  /** The smallest box around what differs from the screen, unchanged pixels in it transparent; null where nothing does. */
  #changed(): { x: number; y: number; width: number; height: number; indices: Uint8Array } | null {
    let [left, right, top, bottom] = [this.#width, -1, this.#height, -1];
    for (let y = 0, i = 0; y < this.#height; y++) {
      for (let x = 0; x < this.#width; x++, i++) {
        if (this.#next[i] === this.#screen[i]) continue;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = y;
      }
    }
    if (right < 0) return null;
    const [width, height] = [right - left + 1, bottom - top + 1];
    const indices = new Uint8Array(width * height);
    for (let y = 0, to = 0; y < height; y++) {
      let from = (y + top) * this.#width + left;
      for (let x = 0; x < width; x++, from++, to++) {
        const isSame = this.#next[from] === this.#screen[from];
        indices[to] = isSame ? this.#palette.colors.length : this.#next[from]!;
      }
    }
    return { x: left, y: top, width, height, indices };
  }
}
