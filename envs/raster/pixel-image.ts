/** A finished picture: rows from the top, [height, width, channels] bytes. */
export interface PixelImage {
  /** Size in pixels. */
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB, 4 RGBA */
  readonly channels: 1 | 3 | 4;
  /** [height, width, channels], row-major. */
  readonly pixels: Uint8Array;
}

/** @throws RangeError where the sizes are no positive integers or the pixels do not fit them; the message starts with `where` */
export function checkPixelImage({ width, height, channels, pixels }: PixelImage, where: string): void {
  const areSizes = [width, height].every((size) => Number.isInteger(size) && size >= 1 && size <= 65535);
  if (!areSizes)
    throw new RangeError(`${where}: width and height must be integers from 1 to 65535, got ${width}×${height}`);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`${where}: channels must be 1 (grey), 3 (RGB) or 4 (RGBA), got ${String(channels)}`);
  }
  const expected = width * height * channels;
  if (pixels.length !== expected) {
    throw new RangeError(
      `${where}: ${width}×${height} pixels with ${channels} channels are ${expected} bytes, got ${pixels.length}`,
    );
  }
}
