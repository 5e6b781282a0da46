import { type PCG64, addPixelNoise } from "gymnasium-js";
import { mirrorImage } from "../experts/mirror.ts";
import type { AugmentationConfig } from "./bc-config.ts";
import type { ObsBuffer } from "./demonstration-set.ts";

/** Shape of an image observation. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** How one sequence is varied: the same way in all its frames, except for the noise. */
export interface Variation {
  readonly noiseVariance: number;
  readonly noiseSeed: number;
  /** factor on every pixel, and on those right of the shadow's edge */
  readonly brightness: number;
  readonly shade: number;
  /** edge of the shadow: column at the top and at the bottom of the image, in widths */
  readonly edgeTop: number;
  readonly edgeBottom: number;
  readonly isMirrored: boolean;
  readonly timeFactor: number;
}

/** Draws a variation; always nine numbers, so that one setting does not shift the others. */
export function drawVariation(config: AugmentationConfig, random: PCG64): Variation {
  const draws = Array.from({ length: 9 }, () => random.nextDouble());
  const [noise, seed, light, shaded, shade, top, bottom, mirror, time] = draws as [
    ...[number, number, number, number, number, number, number, number, number],
  ];
  return {
    noiseVariance: config.noiseVariance * noise,
    noiseSeed: Math.floor(seed * 2 ** 31),
    brightness: 1 + config.brightness * (2 * light - 1),
    shade: shaded < config.shadow ? 0.4 + 0.9 * shade : 1,
    edgeTop: top,
    edgeBottom: bottom,
    isMirrored: config.mirror && mirror < 0.5,
    timeFactor: 1 + config.timeJitter * (2 * time - 1),
  };
}

/** Varies image observations in place. Numbers that are no images are left as they are. */
export class Augmenter {
  readonly #size: ImageSize;
  readonly #copy: Uint8Array;

  constructor(size: ImageSize) {
    this.#size = size;
    this.#copy = new Uint8Array(size.height * size.width * size.channels);
  }

  /** Applies a variation to one image at the start of `pixels`; `t` is the frame's number in its sequence. */
  apply(pixels: ObsBuffer, variation: Variation, t: number): void {
    if (!(pixels instanceof Uint8Array)) return;
    if (variation.isMirrored) this.#mirror(pixels);
    if (variation.brightness !== 1 || variation.shade !== 1) this.#light(pixels, variation);
    if (variation.noiseVariance > 0)
      addPixelNoise(pixels, 0, this.#copy.length, variation.noiseVariance, variation.noiseSeed + 7919 * t);
  }

  #mirror(pixels: Uint8Array): void {
    const { height, width, channels } = this.#size;
    this.#copy.set(pixels.subarray(0, this.#copy.length));
    mirrorImage(this.#copy, pixels, height, width, channels);
  }

  #light(pixels: Uint8Array, { brightness, shade, edgeTop, edgeBottom }: Variation): void {
    const { height, width, channels } = this.#size;
    for (let row = 0; row < height; row++) {
      const edge = width * (edgeTop + ((edgeBottom - edgeTop) * row) / height);
      for (let column = 0; column < width; column++) {
        const factor = column < edge ? brightness : brightness * shade;
        const at = (row * width + column) * channels;
        for (let c = 0; c < channels; c++) pixels[at + c] = Math.min(255, pixels[at + c]! * factor);
      }
    }
  }
}
