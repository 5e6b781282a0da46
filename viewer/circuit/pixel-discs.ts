import type { Camera } from "./camera.ts";
import { GLOW, type Disc } from "./circuit-canvas.ts";
import { mixPixels, type PixelPicture } from "./pixel-picture.ts";

/** Everything but the signals that a picture of the neurons depends on; colours as pixels. */
export interface DiscStyle {
  readonly camera: Camera;
  readonly positive: number;
  readonly negative: number;
  readonly neutral: number;
  readonly paper: number;
}

const OPAQUE = 256;
/** A ring in the panel's colour parts a neuron from the synapses behind it [px]. */
const RIM_PX = 1.5;
const STRONGEST_GLOW = 0.4;

/** All neurons of a circuit, drawn pixel by pixel as smooth discs that glow with their activation. */
export class PixelDiscs {
  readonly #discs: readonly Disc[];
  /** activation and visibility per neuron */
  readonly #signals: Float32Array;

  constructor(discs: readonly Disc[]) {
    this.#discs = discs;
    this.#signals = new Float32Array(discs.length * 2);
  }

  /** Activation in [-1, 1] (cut off beyond) and visibility in [0, 1]. */
  setSignal(neuron: number, activation: number, visibility: number): void {
    this.#signals[neuron * 2] = activation;
    this.#signals[neuron * 2 + 1] = visibility;
  }

  /** Draws onto what is there. */
  draw(picture: PixelPicture, style: DiscStyle): void {
    const { camera } = style;
    this.#discs.forEach((disc, n) => {
      const [x, y] = [disc.x * camera.zoom + camera.x, disc.y * camera.zoom + camera.y];
      const radius = disc.radius * Math.sqrt(camera.zoom);
      fillDisc(picture, x, y, radius, this.#signals[n * 2]!, this.#signals[n * 2 + 1]!, style);
    });
  }
}

/** A neuron: the disc, its rim and its glow. Pixels are covered by how far their centres lie inside. */
export function fillDisc(
  { width, height, pixels }: PixelPicture,
  x: number,
  y: number,
  radius: number,
  activation: number,
  visibility: number,
  { positive, negative, neutral, paper }: Omit<DiscStyle, "camera">,
): void {
  const strength = Math.min(1, Math.abs(activation));
  const hue = activation >= 0 ? positive : negative;
  const fill = mixPixels(neutral, hue, (OPAQUE * strength) | 0);
  const glow = OPAQUE * STRONGEST_GLOW * strength * strength * visibility;
  const opaque = (OPAQUE * visibility) | 0;
  const rimRadius = radius + RIM_PX + 0.5;
  const glowRadius = glow < 1 ? 0 : radius * GLOW;
  const fadePerPx = 1 / (radius * (GLOW - 1));
  const reach = Math.max(rimRadius, glowRadius);
  const solid = Math.max(0, radius - 0.5) ** 2;
  const lastRow = Math.min(height - 1, Math.floor(y + reach - 0.5));
  for (let row = Math.max(0, Math.ceil(y - reach - 0.5)); row <= lastRow; row++) {
    const dy = row + 0.5 - y;
    const halfRow = Math.sqrt(Math.max(0, reach * reach - dy * dy));
    const lastColumn = Math.min(width - 1, Math.floor(x + halfRow - 0.5));
    for (let column = Math.max(0, Math.ceil(x - halfRow - 0.5)); column <= lastColumn; column++) {
      const at = row * width + column;
      const squared = (column + 0.5 - x) ** 2 + dy * dy;
      let pixel = pixels[at]!;
      if (squared <= solid) pixel = mixPixels(pixel, fill, opaque);
      else {
        const distance = Math.sqrt(squared);
        const fade = Math.min(1, Math.max(0, glowRadius - distance) * fadePerPx);
        pixel = mixPixels(pixel, hue, (glow * fade * fade) | 0);
        if (distance < rimRadius) {
          pixel = mixPixels(pixel, paper, (opaque * Math.min(1, rimRadius - distance)) | 0);
          pixel = mixPixels(pixel, fill, (opaque * Math.max(0, Math.min(1, radius + 0.5 - distance))) | 0);
        }
      }
      pixels[at] = pixel;
    }
  }
}
