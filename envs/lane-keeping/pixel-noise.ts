/** Entries of the table of standard normal values; 12 bits of a random word choose one. */
const TABLE_SIZE = 4096;

/** Quantile of the standard normal distribution for p in (0, 1), to 1e-9: Acklam's rational approximation. */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  const border = 0.02425;
  if (p < border) {
    const q = Math.sqrt(-2 * Math.log(p));
    const top =
      ((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
      2.938163982698783;
    const bottom =
      (((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
    return top / bottom;
  }
  const q = p - 0.5;
  const r = q * q;
  const top =
    ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r -
      30.66479806614716) *
      r +
    2.506628277459239;
  const bottom =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r -
      13.28068155288572) *
      r +
    1;
  return (q * top) / bottom;
}

/** [TABLE_SIZE] evenly likely values with mean 0 and variance 1, close to normal up to 3.6 standard deviations. */
const NORMAL_TABLE: Float32Array = (() => {
  const values = Float64Array.from({ length: TABLE_SIZE }, (_, i) => normalQuantile((i + 0.5) / TABLE_SIZE));
  const variance = values.reduce((sum, v) => sum + v * v, 0) / TABLE_SIZE;
  return Float32Array.from(values, (v) => v / Math.sqrt(variance));
})();

/**
 * Adds Gaussian noise of the given variance (of pixels in [0, 1]) to every byte of an image, each alone; results are clipped.
 * The same seed (31 bits: the lowest of 32 does not count) gives the same noise. Changes `pixels[at .. at + size - 1]`.
 */
export function addPixelNoise(pixels: Uint8Array, at: number, size: number, variance: number, seed: number): void {
  const table = NORMAL_TABLE;
  const deviation = 255 * Math.sqrt(variance);
  const half = 0.5;
  let word = seed | 1; // xorshift32 must not start at 0
  for (let i = at; i < at + size; i++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    const value = (pixels[i]! + half + deviation * table[word >>> 20]!) | 0;
    pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

/** Adds `shift` (1 is full white) to every byte of an image, clipped. */
export function shiftBrightness(pixels: Uint8Array, at: number, size: number, shift: number): void {
  const offset = Math.round(255 * shift);
  for (let i = at; i < at + size; i++) pixels[i] = Math.max(0, Math.min(255, pixels[i]! + offset));
}

/** Paints a grey rectangle over an image [height, width, 3]: a leaf or a drop on the lens. Places are shares of the image. */
export function occlude(
  pixels: Uint8Array,
  at: number,
  shape: { readonly height: number; readonly width: number },
  share: number,
  left: number,
  top: number,
): void {
  const side = Math.sqrt(Math.min(1, share));
  const width = Math.round(side * shape.width);
  const height = Math.round(side * shape.height);
  const firstColumn = Math.round(left * (shape.width - width));
  const firstRow = Math.round(top * (shape.height - height));
  for (let row = firstRow; row < firstRow + height; row++) {
    const start = at + 3 * (row * shape.width + firstColumn);
    pixels.fill(OCCLUSION_GREY, start, start + 3 * width);
  }
}

const OCCLUSION_GREY = 48;
