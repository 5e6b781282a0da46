import type { Env } from "../env.ts";
import { Box } from "../spaces/box.ts";
import { pictureSize } from "./picture-size.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Colour pictures [H, W, 3] to luminance [H, W], or [H, W, 1] with `keepDim`. */
export class GrayscaleObservation extends ObservationWrapper {
  readonly #size: number;

  /** Throws ValueError unless observations are uint8 pictures with three channels. */
  constructor(env: Env, keepDim = false) {
    super(env, { keepDim });
    const { height, width } = pictureSize(env, "GrayscaleObservation", 3);
    this.#size = height * width;
    this.observationSpace = new Box(0, 255, { shape: keepDim ? [height, width, 1] : [height, width], dtype: "uint8" });
  }

  override observation(obs: unknown): unknown {
    const rgb = obs as Uint8Array;
    const gray = new Uint8Array(this.#size);
    for (let i = 0; i < gray.length; i++) {
      gray[i] = rgb[3 * i]! * 0.2125 + rgb[3 * i + 1]! * 0.7154 + rgb[3 * i + 2]! * 0.0721;
    }
    return gray;
  }
}
