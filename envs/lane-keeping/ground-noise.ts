import { hashUnit } from "./hash.ts";

/** Side of the ground's texture in texels, a power of two. */
export const NOISE_SIZE = 256;
/** Texels per metre, across and along the road, as powers of two. */
export const NOISE_ACROSS_BITS = 4;
export const NOISE_ALONG_BITS = 3;
/** Finest cells, then coarser ones: patches, stains and grain. */
const OCTAVES = [1, 4, 16, 64] as const;
const WEIGHTS = [0.25, 0.25, 0.25, 0.25] as const;

const ease = (t: number): number => t * t * (3 - 2 * t);

/** Smooth noise in [0, 1) on a grid of `cell` texels that repeats every NOISE_SIZE: one number per corner, eased between. */
function octave(cell: number, stream: number): (x: number, y: number) => number {
  const side = NOISE_SIZE / cell;
  const corners = Float64Array.from({ length: side * side }, (_, i) => hashUnit(7, i, stream));
  const corner = (i: number, j: number): number => corners[(j % side) * side + (i % side)]!;
  return (x, y) => {
    const [i, j] = [Math.floor(x / cell), Math.floor(y / cell)];
    const [u, v] = [ease(x / cell - i), ease(y / cell - j)];
    const low = (1 - u) * corner(i, j) + u * corner(i + 1, j);
    const high = (1 - u) * corner(i, j + 1) + u * corner(i + 1, j + 1);
    return (1 - v) * low + v * high;
  };
}

function makeNoise(): Int8Array {
  const noise = new Int8Array(NOISE_SIZE * NOISE_SIZE);
  const octaves = OCTAVES.map(octave);
  for (let y = 0; y < NOISE_SIZE; y++) {
    for (let x = 0; x < NOISE_SIZE; x++) {
      let sum = 0;
      octaves.forEach((at, k) => (sum += WEIGHTS[k]! * (at(x, y) - 0.5)));
      noise[y * NOISE_SIZE + x] = Math.round(127 * Math.max(-1, Math.min(1, 2.5 * sum)));
    }
  }
  return noise;
}

let noise: Int8Array | null = null;

/** [NOISE_SIZE, NOISE_SIZE] mean near 0, within ±127; repeats in both directions. The same for every road; made on first use. */
export function groundNoise(): Int8Array {
  noise ??= makeNoise();
  return noise;
}
