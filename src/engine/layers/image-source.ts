import type { ByteTensor, Signal } from "../tensor.ts";
import type { ImageShape } from "./image-shape.ts";

/** Images as bytes, one after the other; converted where they are used. No gradient. */
export interface ByteImages {
  readonly kind: "bytes";
  /** [numImages, height, width, channels] */
  readonly bytes: ByteTensor;
  readonly numImages: number;
  readonly shape: ImageShape;
  /** bytes are multiplied by this: 1/255 for pictures, 1 for flags */
  readonly factor: number;
  /** then every image gets mean 0 and deviation 1 (at least 1 / sqrt(numbers) before) */
  readonly isStandardized: boolean;
}

/** Images as rows of a signal, for instance the output of another convolution. */
export interface FloatImages {
  readonly kind: "floats";
  /** [numImages, height * width * pitch] */
  readonly signal: Signal;
  readonly shape: ImageShape;
}

/** Where a convolution reads its images. */
export type ImageSource = ByteImages | FloatImages;

/** How many images the source holds at most. */
export const maxImages = (source: ImageSource): number =>
  source.kind === "bytes" ? source.numImages : source.signal.value.rows;
