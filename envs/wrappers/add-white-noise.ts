import type { Env } from "../env.ts";
import { checkProbability } from "./check-probability.ts";
import { NoisyRender, type NoisyRenderOptions } from "./noisy-render.ts";

/**
 * Puts a random colour in the place of each pixel of what the env draws with a probability, anew in every picture: `gymnasium.wrappers.AddWhiteNoise`.
 * Put `AddRenderObservation` around it to observe it. Throws InvalidProbability unless the probability is in [0, 1].
 */
export class AddWhiteNoise<Obs = unknown, Action = unknown> extends NoisyRender<Obs, Action> {
  readonly #probability: number;

  constructor(env: Env<Obs, Action>, probabilityOfNoisePerPixel: number, options: NoisyRenderOptions = {}) {
    super(env, options, { probabilityOfNoisePerPixel });
    this.#probability = checkProbability("AddWhiteNoise: probabilityOfNoisePerPixel", probabilityOfNoisePerPixel);
  }

  protected override cover(width: number, height: number, spoil: (pixel: number) => void): void {
    for (let pixel = 0; pixel < width * height; pixel++) if (this.random.random() < this.#probability) spoil(pixel);
  }
}
