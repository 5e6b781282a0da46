import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import { Box } from "../spaces/box.ts";
import { pictureSize } from "./picture-size.ts";
import type { PictureSize } from "./picture-size.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Scales pictures [H, W] or [H, W, C] to `shape` [height, width]; each new pixel is the mean of the area it covers. */
export class ResizeObservation extends ObservationWrapper {
  readonly #from: PictureSize;
  readonly #to: PictureSize;

  /** Throws ValueError unless observations are uint8 pictures and the sizes positive integers. */
  constructor(env: Env, shape: readonly [height: number, width: number]) {
    super(env, { shape });
    this.#from = pictureSize(env, "ResizeObservation");
    const [height, width] = shape;
    if (shape.length !== 2 || !shape.every((n) => Number.isInteger(n) && n > 0)) {
      throw new ValueError(`ResizeObservation: got shape [${shape.join(", ")}], expected [height, width]`);
    }
    this.#to = { height, width, channels: this.#from.channels };
    const rank = env.observationSpace.shape!.length;
    this.observationSpace = new Box(0, 255, {
      shape: rank === 3 ? [height, width, this.#from.channels] : [height, width],
      dtype: "uint8",
    });
  }

  override observation(obs: unknown): unknown {
    return resizeArea(obs as Uint8Array, this.#from, this.#to);
  }
}

function resizeArea(source: Uint8Array, from: PictureSize, to: PictureSize): Uint8Array {
  const [rows, columns] = [coverage(from.height, to.height), coverage(from.width, to.width)];
  const { channels } = to;
  const result = new Uint8Array(to.height * to.width * channels);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (const [sy, wy] of row)
          for (const [sx, wx] of column) sum += wy * wx * source[(sy * from.width + sx) * channels + c]!;
        result[(y * to.width + x) * channels + c] = Math.round(sum);
      }
    }
  }
  return result;
}

/** For each of `m` new cells the old cells that it covers, with their weights (sum 1). */
function coverage(n: number, m: number): [index: number, weight: number][][] {
  const scale = n / m;
  return Array.from({ length: m }, (_, i) => {
    const [start, end] = [i * scale, (i + 1) * scale];
    const cells: [number, number][] = [];
    for (let k = Math.floor(start); k < Math.min(n, Math.ceil(end)); k++) {
      cells.push([k, (Math.min(k + 1, end) - Math.max(k, start)) / scale]);
    }
    return cells;
  });
}
