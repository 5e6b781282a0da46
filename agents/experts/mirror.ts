/**
 * Writes an image [height, width, channels] with left and right exchanged. `out` must not be `image`.
 *
 * A mirrored right-hand lane is a left-hand lane: only where the road is symmetric (one lane) is the mirrored image one that the
 * world can show, and then the steering changes its sign.
 */
export function mirrorImage(image: Uint8Array, out: Uint8Array, height: number, width: number, channels: number): void {
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channels;
      const to = (row * width + (width - 1 - column)) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = image[from + c]!;
    }
  }
}

/** Whether mirrored frames of a LaneKeeping env with these arguments are frames it could show: `lanes` 1, so that the road is symmetric. */
export function isMirrorable(kwargs: Readonly<Record<string, unknown>>): boolean {
  const lanes = kwargs["lanes"];
  return lanes === 1 || (Array.isArray(lanes) && lanes[0] === 1 && lanes[1] === 1);
}
