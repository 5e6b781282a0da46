import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import { checkProbability } from "./check-probability.ts";
import { NoisyRender, type NoisyRenderOptions } from "./noisy-render.ts";

/**
 * Hides squares of what the env draws behind noise, at places of their own in every picture, so that about a given share of all pixels is hidden:
 * `gymnasium.wrappers.ObstructView`. Throws InvalidProbability unless the share is in [0, 1), ValueError unless the squares' width is a positive
 * integer of pixels.
 */
export class ObstructView<Obs = unknown, Action = unknown> extends NoisyRender<Obs, Action> {
  readonly #width: number;
  /** chance that a pixel is the corner of a square: a pixel stays visible where none of the width² corners around it is one */
  readonly #probability: number;

  constructor(
    env: Env<Obs, Action>,
    obstructedPixelsRatio: number,
    obstructionWidth: number,
    options: NoisyRenderOptions = {},
  ) {
    super(env, options, { obstructedPixelsRatio, obstructionWidth });
    checkProbability("ObstructView: obstructedPixelsRatio", obstructedPixelsRatio, false);
    if (!Number.isInteger(obstructionWidth) || obstructionWidth < 1)
      throw new ValueError(`ObstructView: obstructionWidth: got ${obstructionWidth}, expected a positive integer`);
    this.#width = obstructionWidth;
    this.#probability = 1 - (1 - obstructedPixelsRatio) ** (1 / obstructionWidth ** 2);
  }

  protected override cover(width: number, height: number, spoil: (pixel: number) => void): void {
    const before = this.#width - 1; // squares that begin outside reach in
    for (let y = -before; y < height; y++)
      for (let x = -before; x < width; x++)
        if (this.random.random() < this.#probability) this.#square(x, y, width, height, spoil);
  }

  #square(left: number, top: number, width: number, height: number, spoil: (pixel: number) => void): void {
    for (let y = Math.max(0, top); y < Math.min(height, top + this.#width); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + this.#width); x++) spoil(y * width + x);
  }
}
