/** An opaque picture in memory, laid out as `ImageData` is. */
export interface PixelPicture {
  readonly width: number;
  readonly height: number;
  /** [height × width], each 0xAABBGGRR as a signed number, which is what bit operations make */
  readonly pixels: Int32Array;
}

/** Red, green and blue in [0, 1] as one opaque pixel. */
export function toPixel([r, g, b]: readonly [number, number, number]): number {
  const byte = (x: number): number => Math.round(Math.max(0, Math.min(1, x)) * 255);
  return (0xff << 24) | (byte(b) << 16) | (byte(g) << 8) | byte(r);
}

/**
 * `share` / 256 of `over` and the rest of `under`; share is whole, in [0, 256]. Red and blue are mixed in one product: what one borrows
 * from the other lies above the bits that are kept.
 */
export function mixPixels(under: number, over: number, share: number): number {
  const redBlue = under & 0xff00ff;
  const green = under & 0xff00;
  const mixedRedBlue = redBlue + (Math.imul((over & 0xff00ff) - redBlue, share) >> 8);
  const mixedGreen = green + (Math.imul((over & 0xff00) - green, share) >> 8);
  return 0xff000000 | (mixedRedBlue & 0xff00ff) | (mixedGreen & 0xff00);
}
