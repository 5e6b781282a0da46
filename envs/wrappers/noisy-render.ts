import type { Env, Seed } from "../env.ts";
import type { Frame } from "../frame.ts";
import { defaultRng, type Generator } from "../random/generator.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { pixelSize } from "../raster/rgb-array.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Wrapper } from "./wrapper.ts";

/** Options of the wrappers that spoil pictures. */
export interface NoisyRenderOptions {
  /** Whether noise is grey instead of coloured; default false. */
  readonly isNoiseGrayscale?: boolean;
  /** Pixels of the picture's longer side; default 320. */
  readonly longSide?: number;
  /** Decides the noise; default: fresh entropy. */
  readonly seed?: Seed;
}

/** Base of wrappers that put noise over some pixels of what an env draws. Observations, snapshots and the env's random streams stay as they are. */
export abstract class NoisyRender<Obs = unknown, Action = unknown> extends Wrapper<Obs, Action> {
  protected readonly random: Generator;
  readonly #isGray: boolean;
  readonly #longSide: number;
  #raster: Rasterizer | null = null;

  constructor(env: Env<Obs, Action>, options: NoisyRenderOptions, recordedKwargs: Kwargs) {
    super(env, { ...recordedKwargs, ...options });
    this.#isGray = options.isNoiseGrayscale ?? false;
    this.#longSide = options.longSide ?? 320;
    this.random = defaultRng(options.seed);
  }

  /** Calls `spoil` for every pixel that noise covers; the same one may come twice. */
  protected abstract cover(width: number, height: number, spoil: (pixel: number) => void): void;

  override render(): Frame | null {
    const frame = this.env.render();
    if (frame === null) return null;
    const raster = (this.#raster ??= new Rasterizer(pixelSize(frame, this.#longSide)));
    const pixels = raster.draw(frame).slice();
    this.cover(raster.width, raster.height, (pixel) => this.#spoil(pixels, pixel));
    const size = { pixelWidth: raster.width, pixelHeight: raster.height, channels: 3 } as const;
    return { ...frame, primitives: [{ kind: "image", ...frame.view, ...size, pixels }] };
  }

  #spoil(pixels: Uint8Array, pixel: number): void {
    const byte = (): number => Math.floor(this.random.random() * 256);
    const gray = byte();
    for (let c = 0; c < 3; c++) pixels[3 * pixel + c] = c === 0 || this.#isGray ? gray : byte();
  }
}
