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
