import type { Bitmap } from "../frame.ts";
import { grey } from "./grey.ts";

/** A bitmap at the size it has on screen, ready to be copied or blended. */
export interface ScaledBitmap {
  readonly width: number;
  readonly height: number;
  /** [height, width, channels], premultiplied by `alpha`. */
  readonly color: Uint8Array;
  /** [height, width] opacity 0..255 */
  readonly alpha: Uint8Array;
  /** Whether every pixel is opaque, so that rows may be copied. */
  readonly opaque: boolean;
}

/**
 * Resamples a bitmap by area averaging: crisp blocks when enlarged, no aliasing when reduced.
 *
 * @param channels 3 for RGB, 1 for grey
 */
export function scaleBitmap(bitmap: Bitmap, width: number, height: number, channels: 1 | 3): ScaledBitmap {
  const columns = overlaps(bitmap.width, width);
  const rows = overlaps(bitmap.height, height);
  const color = new Uint8Array(width * height * channels);
  const alpha = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b, a] = average(bitmap, columns[x]!, rows[y]!);
      const at = y * width + x;
      alpha[at] = Math.round(a);
      if (channels === 1) color[at] = grey(r, g, b);
      else color.set([Math.round(r), Math.round(g), Math.round(b)], at * 3);
    }
  }
  return { width, height, color, alpha, opaque: alpha.every((a) => a === 255) };
}

/** For each of `to` target cells: the source cells it covers and by how much, as [index, weight] pairs whose weights sum to 1. */
function overlaps(from: number, to: number): readonly (readonly (readonly [number, number])[])[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [i * scale, (i + 1) * scale];
    const pairs: [number, number][] = [];
    for (let s = Math.floor(start); s < Math.min(from, Math.ceil(end - 1e-9)); s++) {
      const weight = (Math.min(end, s + 1) - Math.max(start, s)) / scale;
      if (weight > 1e-9) pairs.push([s, weight]);
    }
    return pairs;
  });
}

type Pairs = readonly (readonly [number, number])[];

/** Mean of the covered pixels, colour premultiplied: [r, g, b, a] each in 0..255. */
function average(bitmap: Bitmap, columns: Pairs, rows: Pairs): [number, number, number, number] {
  const mean: [number, number, number, number] = [0, 0, 0, 0];
  for (const [y, down] of rows) {
    for (const [x, across] of columns) {
      const at = (y * bitmap.width + x) * 4;
      const weight = down * across;
      const opacity = (bitmap.rgba[at + 3]! / 255) * weight;
      mean[0] += bitmap.rgba[at]! * opacity;
      mean[1] += bitmap.rgba[at + 1]! * opacity;
      mean[2] += bitmap.rgba[at + 2]! * opacity;
      mean[3] += bitmap.rgba[at + 3]! * weight;
    }
  }
  return mean;
}
