import type { Frame } from "../frame.ts";
import { Rasterizer } from "./rasterizer.ts";

/**
 * A frame as RGB pixels, [height, width, 3] with the top row first: what Gymnasium's `rgb_array` render mode returns.
 *
 * The aspect ratio is kept, with background beside. For many frames of one size make one `Rasterizer` and call its `draw`.
 *
 * @throws RangeError where a size is no positive integer or the frame holds something that cannot be drawn
 */
export function rgbArray(frame: Frame, width: number, height: number): Uint8Array {
  return new Rasterizer({ width, height }).draw(frame);
}

/** Pixel size with the frame's aspect ratio whose longer side is `longSide`; both sides are even, as video encoders like them. */
export function pixelSize(frame: Frame, longSide: number): { width: number; height: number } {
  const scale = longSide / Math.max(frame.view.width, frame.view.height);
  const even = (size: number): number => Math.max(2, 2 * Math.round((size * scale) / 2));
  return { width: even(frame.view.width), height: even(frame.view.height) };
}
