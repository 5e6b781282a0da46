import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import { Rasterizer } from "../raster/rasterizer.ts";
import { Box } from "../spaces/box.ts";
import { Dict } from "../spaces/dict.ts";
import type { DictValue } from "../spaces/dict.ts";
import type { Space } from "../spaces/space.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Options of `AddRenderObservation`. */
export interface AddRenderOptions {
  /** whether the picture replaces the observation (default) or stands beside it */
  readonly renderOnly?: boolean;
  /** where the picture stands; default "pixels" */
  readonly renderKey?: string;
  /** where the observation stands, unless it is a Dict already; default "state" */
  readonly obsKey?: string;
  /** size of the picture in pixels; default 84 by 84 */
  readonly width?: number;
  readonly height?: number;
}

/** Adds the env's picture to observations, or puts it in their place: uint8 [height, width, 3], drawn on the CPU, its aspect ratio kept. */
export class AddRenderObservation extends ObservationWrapper {
  readonly #raster: Rasterizer;
  readonly #options: Required<AddRenderOptions>;

  /** Throws RangeError on a size that is none, ValueError where the key is taken. */
  constructor(env: Env, options: AddRenderOptions = {}) {
    super(env, { ...options });
    this.#options = { renderOnly: true, renderKey: "pixels", obsKey: "state", width: 84, height: 84, ...options };
    const { renderOnly, renderKey, obsKey, width, height } = this.#options;
    this.#raster = new Rasterizer({ width, height });
    const pixels = new Box(0, 255, { shape: [height, width, 3], dtype: "uint8" });
    const inner = env.observationSpace;
    this.observationSpace = renderOnly ? pixels : besides(inner, obsKey, renderKey, pixels);
  }

  override observation(obs: unknown): unknown {
    const { renderOnly, renderKey, obsKey } = this.#options;
    const frame = this.env.render();
    if (frame === null) throw new ValueError(`${String(this)}: the env draws nothing, so there are no pictures`);
    const pixels = this.#raster.draw(frame).slice();
    if (renderOnly) return pixels;
    const rest = this.env.observationSpace instanceof Dict ? (obs as DictValue) : { [obsKey]: obs };
    return { ...rest, [renderKey]: pixels };
  }
}

function besides(inner: Space<unknown>, obsKey: string, renderKey: string, pixels: Box): Dict {
  const others = inner instanceof Dict ? [...inner.spaces] : [[obsKey, inner] as const];
  if (others.some(([key]) => key === renderKey))
    throw new ValueError(
      `AddRenderObservation: renderKey ${renderKey} is taken; there is ${others.map(([key]) => key).join(", ")}`,
    );
  return new Dict([...others, [renderKey, pixels]]);
}
