import type { ConvGeometry, ImageShape, Tensor } from "../../engine/index.ts";

/** A convolution's output for one image, and how it lies over its input. */
export interface FeatureMap {
  /** row 0 is the image: [height, width, pitch], flattened */
  readonly values: Pick<Tensor, "data">;
  readonly shape: ImageShape;
  readonly geometry: Pick<ConvGeometry, "padTop" | "padLeft">;
  readonly kernel: number;
  readonly stride: number;
}

/** A picture of one number per pixel, row-major. */
interface Mask {
  readonly height: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** Added to a channel's largest value before it divides. */
const EPSILON = 1e-4;

/**
 * VisualBackProp: where in the picture the convolutions found what they passed on (Bojarski et al. 2016, arXiv:1611.05418).
 *
 * Every feature map becomes its mean over channels, each channel first divided by its largest value as in the lane-keeping study of Lechner
 * et al. 2020. From the last map down, the mask is brought to the size of the map below by bilinear interpolation between the centres of
 * receptive fields, and multiplied with it; then brought to the size of the picture and scaled to [0, 1].
 *
 * `maps` are those of the last forward, first to last; `image` is the size of the picture. Returns [height, width]; all zero where no map is lit.
 */
export function visualBackProp(
  maps: readonly FeatureMap[],
  image: Pick<ImageShape, "height" | "width">,
): Float32Array<ArrayBuffer> {
  const last = maps.at(-1);
  const out = new Float32Array(image.height * image.width);
  if (last === undefined) return out;
  let mask = channelMean(last);
  for (let layer = maps.length - 1; layer > 0; layer--) {
    const below = channelMean(maps[layer - 1]!);
    spread(mask, maps[layer]!, below.data, below, (product, value) => product * value);
    mask = below;
  }
  spread(mask, maps[0]!, out, image, (_, value) => value);
  scaleToUnit(out);
  return out;
}

/** Mean over channels of each channel divided by its largest value. */
function channelMean({ values, shape: { height, width, channels, pitch } }: FeatureMap): Mask {
  const pixels = height * width;
  const data = new Float32Array(pixels);
  for (let c = 0; c < channels; c++) {
    let largest = 0;
    for (let p = 0; p < pixels; p++) largest = Math.max(largest, values.data[p * pitch + c]!);
    const factor = 1 / ((largest + EPSILON) * channels);
    for (let p = 0; p < pixels; p++) data[p]! += values.data[p * pitch + c]! * factor;
  }
  return { height, width, data };
}

/** to[p] <- combine(to[p], mask at p) for every pixel p of the layer's input; beyond the outermost centres the mask goes on as it is. */
function spread(
  mask: Mask,
  { kernel, stride, geometry: { padTop, padLeft } }: Pick<FeatureMap, "kernel" | "stride" | "geometry">,
  to: Float32Array,
  { height, width }: Pick<ImageShape, "height" | "width">,
  combine: (before: number, value: number) => number,
): void {
  const half = (kernel - 1) / 2;
  for (let y = 0; y < height; y++) {
    const row = clamp((y + padTop - half) / stride, mask.height - 1);
    for (let x = 0; x < width; x++) {
      const column = clamp((x + padLeft - half) / stride, mask.width - 1);
      to[y * width + x] = combine(to[y * width + x]!, bilinear(mask, row, column));
    }
  }
}

function bilinear({ height, width, data }: Mask, row: number, column: number): number {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
  const [v, u] = [row - top, column - left];
  const at = (r: number, c: number): number => data[r * width + c]!;
  return (
    (1 - v) * ((1 - u) * at(top, left) + u * at(top, right)) + v * ((1 - u) * at(bottom, left) + u * at(bottom, right))
  );
}

const clamp = (x: number, max: number): number => Math.min(Math.max(x, 0), max);

/** Takes the least value off and divides by the largest. */
function scaleToUnit(values: Float32Array): void {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity);
  const range = values.reduce((a, b) => Math.max(a, b), -Infinity) - least;
  values.forEach((value, i) => (values[i] = range > 0 ? (value - least) / range : 0));
}
