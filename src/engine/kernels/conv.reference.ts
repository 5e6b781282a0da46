import type { Activation } from "../activation-kind.ts";
import { activationReference } from "./activation.reference.ts";

/** Sizes of one convolution of one image, channels last; padTop and padLeft zeros lie before it. */
export interface ConvSizes {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
}

/**
 * y[oy, ox, f] = activation(bias[f] + sum over c, ky, kx of w[f, c, ky, kx] * x[oy * stride + ky - padTop, ox * stride + kx - padLeft, c]),
 * pixels outside the image counting as zero. Float64; weights in torch layout.
 */
export function convReference(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  s: ConvSizes,
  activation: Activation = "relu",
): Float64Array {
  const y = new Float64Array(s.outHeight * s.outWidth * s.filters);
  const pixel = (row: number, column: number, c: number): number =>
    row < 0 || column < 0 || row >= s.height || column >= s.width ? 0 : x[(row * s.width + column) * s.channels + c]!;
  for (let oy = 0; oy < s.outHeight; oy++)
    for (let ox = 0; ox < s.outWidth; ox++)
      for (let f = 0; f < s.filters; f++) {
        let sum = bias[f]!;
        for (let c = 0; c < s.channels; c++)
          for (let ky = 0; ky < s.kernel; ky++)
            for (let kx = 0; kx < s.kernel; kx++)
              sum +=
                weight[((f * s.channels + c) * s.kernel + ky) * s.kernel + kx]! *
                pixel(oy * s.stride + ky - s.padTop, ox * s.stride + kx - s.padLeft, c);
        y[(oy * s.outWidth + ox) * s.filters + f] = activationReference[activation](sum);
      }
  return y;
}

/** What the compiled convolution computes, number by number: its output before the activation, and the gradient of its weights. */
export interface ConvFloat32 {
  /** [outHeight, outWidth, filters] */
  readonly y: Float32Array;
  /** [kernel, kernel, channels, filters] */
  readonly dWeight: Float32Array;
}

/**
 * The same in float32: one sum per output over (ky, kx, c) in that order, starting from the bias; one sum per weight over output pixels in
 * order, added to `dWeight`. Weights are [kernel, kernel, channels, filters]. The compiled kernels equal this bit for bit.
 */
export function convFloat32(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  dy: Float32Array,
  dWeight: Float32Array,
  s: ConvSizes,
): ConvFloat32 {
  const { fround } = Math;
  const y = new Float32Array(s.outHeight * s.outWidth * s.filters);
  for (let o = 0; o < s.outHeight * s.outWidth; o++) {
    const top = Math.floor(o / s.outWidth) * s.stride - s.padTop;
    const left = (o % s.outWidth) * s.stride - s.padLeft;
    const out = o * s.filters;
    y.set(bias, out);
    for (let i = 0; i < s.kernel * s.kernel * s.channels; i++) {
      const row = top + Math.floor(i / (s.kernel * s.channels));
      const column = left + (Math.floor(i / s.channels) % s.kernel);
      const isInside = row >= 0 && column >= 0 && row < s.height && column < s.width;
      const value = isInside ? x[(row * s.width + column) * s.channels + (i % s.channels)]! : 0;
      for (let f = 0; f < s.filters; f++) {
        const w = i * s.filters + f;
        y[out + f] = fround(y[out + f]! + fround(value * weight[w]!));
        dWeight[w] = fround(dWeight[w]! + fround(value * dy[out + f]!));
      }
    }
  }
  return { y, dWeight };
}
