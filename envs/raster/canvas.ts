import type { Color } from "../frame.ts";
import { grey } from "./grey.ts";
import type { Coverage } from "./coverage.ts";
import type { ScaledBitmap } from "./scaled-bitmap.ts";

/** Pixels and the four ways to change them: clear, paint a covered shape, copy a scaled bitmap, blend one pixel. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [height, width, channels], top row first */
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, channels: 1 | 3) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.pixels = new Uint8Array(width * height * channels);
  }

  /** Fills everything with one colour. */
  clear(color: Color): void {
    const [r, g, b] = [(color >> 16) & 255, (color >> 8) & 255, color & 255];
    const { pixels } = this;
    if (this.channels === 1) {
      pixels.fill(grey(r, g, b));
      return;
    }
    for (let i = 0; i < pixels.length; i += 3) {
      pixels[i] = r;
      pixels[i + 1] = g;
      pixels[i + 2] = b;
    }
  }

  /** Paints what `coverage` holds in one colour with opacity `alpha` in [0, 1], and empties it. */
  paint(coverage: Coverage, color: Color, alpha: number): void {
    const { sums, stride } = coverage;
    const right = Math.min(coverage.right, this.width);
    const r = (color >> 16) & 255;
    const g = (color >> 8) & 255;
    const b = color & 255;
    const c = grey(r, g, b);
    const scale = 256 * Math.min(1, Math.max(0, alpha));
    for (let y = coverage.top; y < coverage.bottom; y++) {
      let sum = 0;
      let at = y * stride + coverage.left;
      let pixel = y * this.width + coverage.left;
      for (let x = coverage.left; x < right; x++, at++, pixel++) {
        sum += sums[at]!;
        sums[at] = 0;
        const inside = sum < 0 ? -sum : sum;
        const weight = ((inside < 1 ? inside : 1) * scale + 0.5) | 0;
        if (weight === 0) continue;
        if (this.channels === 1) this.#mixGrey(pixel, c, weight);
        else this.#mixRgb(pixel * 3, r, g, b, weight);
      }
      sums[y * stride + this.width] = 0;
      sums[y * stride + this.width + 1] = 0;
    }
    coverage.forget();
  }

  /** Mixes one RGB (or its grey) colour into pixel (x, y) with weight 0..256. */
  blend(x: number, y: number, r: number, g: number, b: number, weight: number): void {
    const pixel = y * this.width + x;
    if (this.channels === 1) this.#mixGrey(pixel, grey(r, g, b), weight);
    else this.#mixRgb(pixel * 3, r, g, b, weight);
  }

  /** Puts a scaled bitmap with its top left pixel at (left, top), cut at the borders. `alpha` in [0, 1]. */
  put(bitmap: ScaledBitmap, left: number, top: number, alpha: number): void {
    const x0 = Math.max(0, -left);
    const x1 = Math.min(bitmap.width, this.width - left);
    const y1 = Math.min(bitmap.height, this.height - top);
    if (x0 >= x1) return;
    const copies = bitmap.opaque && alpha >= 1;
    if (
      copies &&
      left === 0 &&
      top === 0 &&
      bitmap.color.length === this.pixels.length &&
      bitmap.width === this.width
    ) {
      this.pixels.set(bitmap.color);
      return;
    }
    for (let y = Math.max(0, -top); y < y1; y++) {
      const from = y * bitmap.width;
      const to = (y + top) * this.width + left;
      if (copies) this.#copyRow(bitmap.color, from, to, x0, x1);
      else if (this.channels === 1) this.#blendRowGrey(bitmap, from, to, x0, x1, alpha);
      else this.#blendRowRgb(bitmap, from, to, x0, x1, alpha);
    }
  }

  #copyRow(color: Uint8Array, from: number, to: number, x0: number, x1: number): void {
    const { channels, pixels } = this;
    const end = (from + x1) * channels;
    for (let s = (from + x0) * channels, t = (to + x0) * channels; s < end; s++, t++) pixels[t] = color[s]!;
  }

  #blendRowGrey(bitmap: ScaledBitmap, from: number, to: number, x0: number, x1: number, alpha: number): void {
    const { pixels } = this;
    const scale = Math.round(256 * alpha);
    for (let x = x0; x < x1; x++) {
      const opacity = bitmap.alpha[from + x]!;
      if (opacity === 0) continue;
      const keep = 65280 - scale * opacity;
      pixels[to + x] = (pixels[to + x]! * keep + bitmap.color[from + x]! * scale * 255 + 32640) / 65280;
    }
  }

  #blendRowRgb(bitmap: ScaledBitmap, from: number, to: number, x0: number, x1: number, alpha: number): void {
    const { pixels } = this;
    const scale = Math.round(256 * alpha);
    for (let x = x0; x < x1; x++) {
      const opacity = bitmap.alpha[from + x]!;
      if (opacity === 0) continue;
      const keep = 65280 - scale * opacity;
      for (let s = (from + x) * 3, t = (to + x) * 3, end = s + 3; s < end; s++, t++) {
        pixels[t] = (pixels[t]! * keep + bitmap.color[s]! * scale * 255 + 32640) / 65280;
      }
    }
  }

  #mixGrey(at: number, c: number, weight: number): void {
    const old = this.pixels[at]!;
    this.pixels[at] = old + (((c - old) * weight + 128) >> 8);
  }

  #mixRgb(at: number, r: number, g: number, b: number, weight: number): void {
    const { pixels } = this;
    pixels[at] = pixels[at]! + (((r - pixels[at]!) * weight + 128) >> 8);
    pixels[at + 1] = pixels[at + 1]! + (((g - pixels[at + 1]!) * weight + 128) >> 8);
    pixels[at + 2] = pixels[at + 2]! + (((b - pixels[at + 2]!) * weight + 128) >> 8);
  }
}
