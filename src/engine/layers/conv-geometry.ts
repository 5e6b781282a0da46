import { KernelError } from "../../errors.ts";
import type { ImageShape } from "./image-shape.ts";

/** `valid`: only whole patches; `same`: zeros around the image so that the output has ceil(size / stride) pixels (TensorFlow's rule). */
export type Padding = "valid" | "same";

/** Sizes of one convolution, worked out once. */
export interface ConvGeometry {
  readonly outHeight: number;
  readonly outWidth: number;
  readonly padTop: number;
  readonly padLeft: number;
  /** image with its border of zeros */
  readonly paddedHeight: number;
  readonly paddedWidth: number;
}

/** Output size and border of a convolution. Throws KernelError if the kernel does not fit into the image. */
export function convGeometry(
  { height, width }: ImageShape,
  kernel: number,
  stride: number,
  padding: Padding,
): ConvGeometry {
  const [rows, columns] = [along(height, kernel, stride, padding), along(width, kernel, stride, padding)];
  return {
    outHeight: rows.out,
    outWidth: columns.out,
    padTop: rows.before,
    padLeft: columns.before,
    paddedHeight: height + rows.total,
    paddedWidth: width + columns.total,
  };
}

function along(size: number, kernel: number, stride: number, padding: Padding) {
  if (padding === "valid") {
    if (kernel > size)
      throw new KernelError("bad-size", `conv: a kernel of ${kernel} does not fit into an image of ${size}`);
    return { out: Math.floor((size - kernel) / stride) + 1, before: 0, total: 0 };
  }
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + kernel - size, 0);
  return { out, before: total >> 1, total };
}
