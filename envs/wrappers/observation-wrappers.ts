import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import { Box } from "../spaces/box.ts";
import type { Bound } from "../spaces/box.ts";
import { Dict } from "../spaces/dict.ts";
import { Discrete } from "../spaces/discrete.ts";
import { sizeOf } from "../spaces/dtype.ts";
import type { DType, ValueArray } from "../spaces/dtype.ts";
import { flatten, flattenSpace } from "../spaces/flatten.ts";
import { MultiDiscrete } from "../spaces/multi-discrete.ts";
import { Tuple } from "../spaces/tuple.ts";
import { readBins } from "./action-wrappers.ts";
import { rescaleBox } from "./box-affine.ts";
import type { BoxAffine } from "./box-affine.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** The Box of observations. Throws TypeError for another space. */
function boxObservations(env: Env, name: string): Box {
  if (env.observationSpace instanceof Box) return env.observationSpace;
  throw new TypeError(`${name}: got observation space ${String(env.observationSpace)}, expected a Box`);
}

/** Flattens observations to one array, see `flatten`. */
export class FlattenObservation extends ObservationWrapper {
  constructor(env: Env) {
    super(env, {});
    this.observationSpace = flattenSpace(env.observationSpace);
  }

  override observation(obs: unknown): unknown {
    return flatten(this.env.observationSpace, obs);
  }
}

/** Gives observations another shape of as many elements. */
export class ReshapeObservation extends ObservationWrapper {
  /** Throws ValueError when the number of elements differs. */
  constructor(env: Env, shape: readonly number[]) {
    super(env, { shape });
    const box = boxObservations(env, "ReshapeObservation");
    if (sizeOf(shape) !== box.size) {
      throw new ValueError(`ReshapeObservation: got shape [${shape.join(", ")}], expected one of ${box.size} elements`);
    }
    this.observationSpace = withBounds(box, shape, box.dtype);
  }

  override observation(obs: unknown): unknown {
    return obs; // arrays are flat: only the space knows the shape
  }
}

/** Maps observations affinely onto new bounds. */
export class RescaleObservation extends ObservationWrapper {
  readonly #affine: BoxAffine;

  /** Throws ValueError where infinite bounds would become finite or the other way round. */
  constructor(env: Env, minObs: Bound, maxObs: Bound) {
    super(env, { minObs, maxObs });
    this.#affine = rescaleBox(boxObservations(env, "RescaleObservation"), minObs, maxObs);
    this.observationSpace = this.#affine.box;
  }

  override observation(obs: unknown): unknown {
    return this.#affine.forward(obs as ArrayLike<number>);
  }
}

/** Gives observations another element type. */
export class DtypeObservation extends ObservationWrapper {
  readonly #box: Box;

  constructor(env: Env, dtype: DType) {
    super(env, { dtype });
    const box = boxObservations(env, "DtypeObservation");
    this.#box = withBounds(box, box.shape, dtype);
    this.observationSpace = this.#box;
  }

  override observation(obs: unknown): unknown {
    const cast = this.#box.zeros();
    cast.set(obs as never); // numbers into an array of numbers
    return cast;
  }
}

/** Keeps some keys of a Dict or some places of a Tuple. */
export class FilterObservation extends ObservationWrapper {
  readonly #keys: readonly (string | number)[];

  /** Throws ValueError for other spaces and unknown keys. */
  constructor(env: Env, filterKeys: readonly (string | number)[]) {
    super(env, { filterKeys });
    const space = env.observationSpace;
    if (!(space instanceof Dict || space instanceof Tuple)) {
      throw new ValueError(`FilterObservation: got ${String(space)}, expected a Dict or Tuple`);
    }
    const known: readonly (string | number)[] =
      space instanceof Dict ? [...space.spaces.keys()] : [...space.spaces.keys()];
    const unknown = filterKeys.find((key) => !known.includes(key));
    if (unknown !== undefined || filterKeys.length === 0) {
      throw new ValueError(
        `FilterObservation: got ${String(unknown ?? "no keys")}, expected some of ${known.join(", ")}`,
      );
    }
    this.#keys = known.filter((key) => filterKeys.includes(key));
    this.observationSpace =
      space instanceof Dict
        ? new Dict(this.#keys.map((key) => [String(key), space.get(String(key))] as const))
        : new Tuple(this.#keys.map((key) => space.spaces[Number(key)]!));
  }

  override observation(obs: unknown): unknown {
    const whole = obs as Readonly<Record<string | number, unknown>>;
    if (Array.isArray(obs)) return this.#keys.map((key) => whole[key]);
    return Object.fromEntries(this.#keys.map((key) => [key, whole[key]]));
  }
}

/** Cuts each dimension of a Box into bins: one number (row-major), or one per dimension with `multidiscrete`. Values outside count as at the edge. */
export class DiscretizeObservation extends ObservationWrapper {
  readonly #box: Box;
  readonly #bins: readonly number[];
  readonly #isMulti: boolean;

  /** Throws ValueError on infinite bounds or wrong bins. */
  constructor(env: Env, bins: number | readonly number[], multidiscrete = false) {
    super(env, { bins, multidiscrete });
    this.#box = boxObservations(env, "DiscretizeObservation");
    this.#bins = readBins("DiscretizeObservation", this.#box, bins);
    this.#isMulti = multidiscrete;
    this.observationSpace = multidiscrete
      ? new MultiDiscrete(this.#bins)
      : new Discrete(this.#bins.reduce((a, b) => a * b, 1));
  }

  override observation(obs: unknown): unknown {
    const indices = Int32Array.from(obs as ArrayLike<number>, (value, i) => this.#binOf(value, i));
    return this.#isMulti ? indices : indices.reduce((flat, bin, i) => flat * this.#bins[i]! + bin, 0);
  }

  /** Number of inner edges at or below the value. */
  #binOf(value: number, i: number): number {
    const [low, high, n] = [this.#box.low[i]!, this.#box.high[i]!, this.#bins[i]!];
    let bin = 0;
    while (bin < n - 1 && value >= low + ((bin + 1) * (high - low)) / n) bin++;
    return bin;
  }
}

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

/** Scales pictures [H, W] or [H, W, C] to `shape` [height, width]; each new pixel is the mean of the area it covers. */
export class ResizeObservation extends ObservationWrapper {
  readonly #from: PictureSize;
  readonly #to: PictureSize;

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

interface PictureSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

function pictureSize(env: Env, name: string, channels?: number): PictureSize {
  const { shape, dtype } = env.observationSpace;
  const isPicture = dtype === "uint8" && shape !== null && (shape.length === 3 || shape.length === 2);
  if (!isPicture || (channels !== undefined && shape[2] !== channels)) {
    const expected =
      channels === undefined ? "a uint8 picture [H, W] or [H, W, C]" : `a uint8 picture [H, W, ${channels}]`;
    throw new ValueError(`${name}: got ${String(env.observationSpace)}, expected ${expected}`);
  }
  return { height: shape[0]!, width: shape[1]!, channels: shape[2] ?? 1 };
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

function withBounds(box: Box, shape: readonly number[], dtype: DType): Box<ValueArray> {
  const low = box.low.map((value, i) => (box.boundedBelow[i] === 1 ? value : -Infinity));
  const high = box.high.map((value, i) => (box.boundedAbove[i] === 1 ? value : Infinity));
  return new Box(low, high, { shape, dtype });
}
