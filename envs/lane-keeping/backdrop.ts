import type { CameraShape } from "./camera-shape.ts";
import { fogAt, focalLength } from "./ground-rows.ts";
import { hashUnit, smoothNoise } from "./hash.ts";
import type { Look } from "./look.ts";

/** Directions around the compass for which the view is stored; a power of two. */
const NUM_DIRECTIONS = 1024;
/** How far off hills and woods seem, for the fog before them [m]. */
const HILL_DISTANCE = 250;
const WOOD_DISTANCE = 140;
/** Tangent of the woods' highest elevation. */
const WOOD_HEIGHT = 0.035;
/** Cells of clouds around the compass, and layers per unit of elevation. */
const NUM_CLOUD_CELLS = 48;
const CLOUD_LAYERS = 60;
/** Neighbouring directions that share a cloud. */
const CLOUD_GRAIN = 4;

/** Sky, clouds, sun, hills and woods: a panorama around the compass, painted once per look. */
export class Backdrop {
  /** Number of image rows above the ground. */
  readonly rows: number;
  readonly #width: number;
  readonly #horizon: number;
  readonly #focal: number;
  /** [width] direction of each column against the camera's axis, in NUM_DIRECTIONS-ths of a turn, left positive */
  readonly #columnTurn: Float64Array;
  /** [width] direction that each column shows in this frame */
  readonly #direction: Int32Array;
  /** [NUM_DIRECTIONS] tops of hills and woods, in rows above the horizon; the sun's glow */
  readonly #hillTop = new Float32Array(NUM_DIRECTIONS);
  readonly #woodTop = new Float32Array(NUM_DIRECTIONS);
  readonly #glow = new Float32Array(NUM_DIRECTIONS);
  /** [rows, NUM_DIRECTIONS, 3] */
  readonly #panorama: Uint8ClampedArray;

  constructor(shape: CameraShape, numGroundRows: number) {
    this.rows = shape.height - numGroundRows;
    this.#width = shape.width;
    this.#horizon = shape.horizon * shape.height;
    this.#focal = focalLength(shape);
    this.#columnTurn = new Float64Array(shape.width);
    for (let u = 0; u < shape.width; u++) {
      const angle = Math.atan((shape.width / 2 - 0.5 - u) / this.#focal);
      this.#columnTurn[u] = (angle / (2 * Math.PI)) * NUM_DIRECTIONS;
    }
    this.#direction = new Int32Array(shape.width);
    this.#panorama = new Uint8ClampedArray(this.rows * NUM_DIRECTIONS * 3);
  }

  /** Paints the panorama of a look. */
  fill(look: Look): void {
    for (let d = 0; d < NUM_DIRECTIONS; d++) {
      const turn = (2 * Math.PI * d) / NUM_DIRECTIONS;
      this.#hillTop[d] = this.#focal * look.hillHeight * ridge(look.seed, turn);
      this.#woodTop[d] = this.#focal * WOOD_HEIGHT * treeTops(look.seed, d / NUM_DIRECTIONS);
      this.#glow[d] = look.glow * Math.exp(-6 * (1 - Math.cos(turn - look.sun)));
    }
    for (let r = 0; r < this.rows; r++) this.#fillRow(r, look, fogAt(look, HILL_DISTANCE), fogAt(look, WOOD_DISTANCE));
  }

  #fillRow(r: number, look: Look, hillFog: number, woodFog: number): void {
    const height = this.#horizon - r - 0.5;
    const rise = Math.max(0, height / this.#horizon) ** 0.7;
    let cloud = 0;
    for (let d = 0; d < NUM_DIRECTIONS; d++) {
      if (d % CLOUD_GRAIN === 0) cloud = this.#cloudCover(look, d, Math.max(0, height));
      const light = Math.min(1, this.#glow[d]! + cloud);
      const hill = Math.max(0, Math.min(1, this.#hillTop[d]! - height + 0.5));
      const wood = Math.max(0, Math.min(1, this.#woodTop[d]! - height + 0.5));
      for (let c = 0; c < 3; c++) {
        const haze = look.horizon[c]!;
        let color = haze + rise * (look.zenith[c]! - haze);
        color += light * (Math.min(255, 40 + haze) - color);
        color += hill * (look.hill[c]! + hillFog * (haze - look.hill[c]!) - color);
        color += wood * (look.wood[c]! + woodFog * (haze - look.wood[c]!) - color);
        this.#panorama[3 * (r * NUM_DIRECTIONS + d) + c] = look.brightness * color;
      }
    }
  }

  #cloudCover(look: Look, d: number, height: number): number {
    const around = (d * NUM_CLOUD_CELLS) / NUM_DIRECTIONS;
    const layer = (height / this.#focal) * CLOUD_LAYERS;
    const low = cloudNoise(look.seed, around, Math.floor(layer));
    const high = cloudNoise(look.seed, around, Math.floor(layer) + 1);
    const density = low + (layer - Math.floor(layer)) * (high - low);
    return 0.7 * Math.max(0, Math.min(1, 3 * (density - 0.85 + 0.6 * look.clouds)));
  }

  /** Draws the rows above the ground into the top of an image that starts at `offset`. `heading` is the camera's [rad]. */
  draw(pixels: Uint8Array, offset: number, heading: number): void {
    const turn = (heading / (2 * Math.PI)) * NUM_DIRECTIONS;
    const width = this.#width;
    const direction = this.#direction;
    const panorama = this.#panorama;
    for (let u = 0; u < width; u++) direction[u] = 3 * (Math.floor(turn + this.#columnTurn[u]!) & (NUM_DIRECTIONS - 1));
    let p = offset;
    for (let r = 0; r < this.rows; r++) {
      const row = 3 * r * NUM_DIRECTIONS;
      for (let u = 0; u < width; u++) {
        const from = row + direction[u]!;
        pixels[p] = panorama[from]!;
        pixels[p + 1] = panorama[from + 1]!;
        pixels[p + 2] = panorama[from + 2]!;
        p += 3;
      }
    }
  }
}

/** Height of the hills in a direction, as a share of the highest. */
function ridge(seed: number, turn: number): number {
  let height = 0.45;
  for (let k = 2; k <= 9; k++) height += (0.5 / k) * Math.sin(k * turn + 2 * Math.PI * hashUnit(seed, k, 1));
  return Math.max(0.05, height);
}

/** Height of the woods at a share of the full turn, as a share of the highest: single trees over patches. */
function treeTops(seed: number, share: number): number {
  return 0.2 + 0.3 * smoothNoise(seed, share * 256, 2) + 0.25 * smoothNoise(seed, share * 32, 3);
}

/** Noise around the compass: cell NUM_CLOUD_CELLS is cell 0 again. */
function cloudNoise(seed: number, around: number, layer: number): number {
  const cell = Math.floor(around);
  const part = around - cell;
  const ease = part * part * (3 - 2 * part);
  const left = hashUnit(seed, cell % NUM_CLOUD_CELLS, 10 + layer);
  return left + ease * (hashUnit(seed, (cell + 1) % NUM_CLOUD_CELLS, 10 + layer) - left);
}
