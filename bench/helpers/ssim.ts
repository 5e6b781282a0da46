/** Standard deviation and reach of the Gaussian window, in pixels. */
const SIGMA = 1.5;
const REACH = 5;
/** Keep quotients finite where pictures are flat; for values in [0, 1]. */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

const WINDOW: readonly number[] = (() => {
  const weights = Array.from({ length: 2 * REACH + 1 }, (_, i) => Math.exp(-((i - REACH) ** 2) / (2 * SIGMA ** 2)));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((w) => w / sum);
})();

/**
 * Structural similarity of two pictures [height, width] with values in [0, 1]: 1 for equal ones (Wang et al. 2004, doi:10.1109/TIP.2003.819861).
 * Gaussian window of 11 × 11 pixels, mean over the places where it fits.
 */
export function ssim(a: ArrayLike<number>, b: ArrayLike<number>, height: number, width: number): number {
  const blur = (value: (i: number) => number): Float64Array => windowMeans(value, height, width);
  const [meanA, meanB] = [blur((i) => a[i]!), blur((i) => b[i]!)];
  const [squareA, squareB] = [blur((i) => a[i]! ** 2), blur((i) => b[i]! ** 2)];
  const product = blur((i) => a[i]! * b[i]!);
  const similarities = meanA.map((mA, i) => {
    const mB = meanB[i]!;
    const covariance = product[i]! - mA * mB;
    const variances = squareA[i]! - mA * mA + squareB[i]! - mB * mB;
    return ((2 * mA * mB + C1) * (2 * covariance + C2)) / ((mA * mA + mB * mB + C1) * (variances + C2));
  });
  return similarities.reduce((x, y) => x + y, 0) / similarities.length;
}

/** Weighted means over the window around every pixel that has room for it. */
function windowMeans(value: (i: number) => number, height: number, width: number): Float64Array {
  const columns = width - 2 * REACH;
  const rows = height - 2 * REACH;
  const across = new Float64Array(height * columns);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < columns; x++)
      for (const [k, w] of WINDOW.entries()) across[y * columns + x]! += w * value(y * width + x + k);
  const means = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (const [k, w] of WINDOW.entries()) means[y * columns + x]! += w * across[(y + k) * columns + x]!;
  return means;
}
