/** Size of an image, channels last. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** numbers from one pixel to the next: `channels`, or more where they are padded */
  readonly pitch: number;
}

/** Numbers of an image without padding. */
export const numFeatures = ({ height, width, channels }: ImageShape): number => height * width * channels;

/** Where (channel, row, column) of a flattened image is found, in units of `step` per stored number. */
export const flattenedStrides = ({ width, pitch }: ImageShape, step: number): readonly number[] => [
  step,
  width * pitch * step,
  pitch * step,
];
