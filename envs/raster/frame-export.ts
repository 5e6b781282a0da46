import type { Frame } from "../frame.ts";
import { encodeGif } from "./gif.ts";
import { encodePng } from "./png.ts";
import { Rasterizer } from "./rasterizer.ts";
import { pixelSize } from "./rgb-array.ts";
import type { Compress } from "./zlib-stored.ts";

/** Size of an exported picture. */
export interface ExportSize {
  /** Pixels of the longer side; the other follows from the frame's view. Default 320. */
  readonly longSide?: number;
}

/** Size and speed of an exported animation. */
export interface GifExport extends ExportSize {
  /** Pictures per second; `env.metadata.renderFps` is the world's own speed. */
  readonly fps: number;
  /** How often to play; 0 (default) is for ever. */
  readonly loops?: number;
}

const LONG_SIDE = 320;

/** A frame as a PNG file. `compress` as in `encodePng`. */
export function frameToPng(frame: Frame, { longSide = LONG_SIDE }: ExportSize = {}, compress?: Compress): Uint8Array {
  const size = pixelSize(frame, longSide);
  return encodePng({ ...size, channels: 3, pixels: new Rasterizer(size).draw(frame) }, compress);
}

/**
 * An episode as an animated GIF: one picture per frame, all in the size of the first. `frames` is walked twice, so give an array or
 * something that can start over, such as an object whose iterator redraws the frames from snapshots.
 *
 * @throws RangeError where there are no frames, or fps or longSide make no sense
 */
export function framesToGif(frames: Iterable<Frame>, { longSide = LONG_SIDE, ...options }: GifExport): Uint8Array {
  const [first] = frames;
  if (first === undefined) throw new RangeError("framesToGif: there must be at least one frame");
  const size = pixelSize(first, longSide);
  const raster = new Rasterizer(size);
  const pictures = {
    *[Symbol.iterator](): Generator<Uint8Array> {
      for (const frame of frames) yield raster.draw(frame);
    },
  };
  return encodeGif(pictures, { ...size, ...options });
}
