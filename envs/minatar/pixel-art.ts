import type { Bitmap, Color } from "../frame.ts";

/** A picture written as text: one character per pixel, coloured by `palette`; characters that are not in it are transparent. */
export function pixelArt(name: string, rows: readonly string[], palette: Readonly<Record<string, Color>>): Bitmap {
  const width = rows[0]?.length ?? 0;
  const ragged = rows.findIndex((row) => row.length !== width);
  if (ragged >= 0) {
    throw new RangeError(`internal: row ${ragged} of "${name}" is ${rows[ragged]!.length} wide, expected ${width}`);
  }
  const rgba = new Uint8Array(width * rows.length * 4);
  rows.forEach((row, y) => {
    for (let x = 0; x < width; x++) {
      const color = palette[row[x]!];
      if (color !== undefined) rgba.set(opaque(color), (y * width + x) * 4);
    }
  });
  return { name, width, height: rows.length, rgba };
}

/** Like `pixelArt` from the left half of something symmetric. */
export function symmetricArt(
  name: string,
  leftHalf: readonly string[],
  palette: Readonly<Record<string, Color>>,
): Bitmap {
  return pixelArt(
    name,
    leftHalf.map((row) => row + Array.from(row).toReversed().join("")),
    palette,
  );
}

/** The same picture looking the other way. */
export function mirrored(name: string, bitmap: Bitmap): Bitmap {
  const { width, height } = bitmap;
  const rgba = new Uint8Array(bitmap.rgba.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + (width - 1 - x)) * 4;
      rgba.set(bitmap.rgba.subarray(from, from + 4), (y * width + x) * 4);
    }
  }
  return { name, width, height, rgba };
}

/** The same picture seen through: its opacity multiplied by `alpha`. */
export function faded(name: string, bitmap: Bitmap, alpha: number): Bitmap {
  const rgba = bitmap.rgba.map((value, i) => (i % 4 === 3 ? Math.round(value * alpha) : value));
  return { ...bitmap, name, rgba };
}

/** A picture computed pixel by pixel, opaque; only once somebody looks at it, so that importing a game costs nothing. */
export function computedArt(
  name: string,
  width: number,
  height: number,
  colorAt: (x: number, y: number) => Color,
): Bitmap {
  let pixels: Uint8Array | null = null;
  const paint = (): Uint8Array => {
    const rgba = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) rgba.set(opaque(colorAt(x, y)), (y * width + x) * 4);
    }
    return rgba;
  };
  return {
    name,
    width,
    height,
    get rgba() {
      pixels ??= paint();
      return pixels;
    },
  };
}

/** A colour between two, channel by channel; `share` of the second one in [0, 1]. */
export function mix(a: Color, b: Color, share: number): Color {
  const channel = (shift: number): number => {
    const [from, to] = [(a >> shift) & 255, (b >> shift) & 255];
    return Math.round(from + (to - from) * share) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}

/** A share in [0, 1] cut to one of `levels` steps: pictures of few colours look like pixel art and make exact, small GIFs. */
export function stepped(share: number, levels: number): number {
  return Math.min(levels - 1, Math.floor(share * levels)) / (levels - 1);
}

/** A number in [0, 1) that looks random but only depends on the place: for stars, grass and gravel. */
export function speckle(x: number, y: number): number {
  let hash = Math.imul(x + 1, 0x9e3779b1) ^ Math.imul(y + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4294967296;
}

function opaque(color: Color): [number, number, number, number] {
  return [(color >> 16) & 255, (color >> 8) & 255, color & 255, 255];
}
