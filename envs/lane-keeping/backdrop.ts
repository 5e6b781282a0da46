import type { CameraShape } from "./camera-shape.ts";
import { focalLength } from "./ground-rows.ts";
import { hashUnit, smoothNoise } from "./hash.ts";
import type { Look } from "./look.ts";

/** Directions around the compass for which the horizon is stored; a power of two. */
const NUM_DIRECTIONS = 2048;
/** Clouds: cells around the compass and rows of them. */
const NUM_CLOUD_CELLS = 48;

/** Sky, clouds, sun, hills and woods around the compass: everything above the ground rows. */
export class Backdrop {
  /** Number of image rows. */
  readonly rows: number;
  readonly #width: number;
  readonly #horizon: number;
  readonly #focal: number;
  /** [width] direction of each column against the camera's axis, in NUM_DIRECTIONS-ths of a turn, left positive */
  readonly #columnTurn: Float64Array;
  /** [NUM_DIRECTIONS] tops of hills and woods as rows above the horizon; glow of the sun */
  readonly #hillTop = new Float32Array(NUM_DIRECTIONS);
  readonly #woodTop = new Float32Array(NUM_DIRECTIONS);
  readonly #glow = new Float32Array(NUM_DIRECTIONS);
  /** [rows, NUM_DIRECTIONS / 4] cover by clouds */
  readonly #cloud: Float32Array;
  /** [rows, 3] */
  readonly #sky: Float32Array;
  readonly #hill = new Float32Array(3);
  readonly #wood = new Float32Array(3);
  readonly #bright = new Float32Array(3);

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
    this.#cloud = new Float32Array((this.rows * NUM_DIRECTIONS) / 4);
    this.#sky = new Float32Array(this.rows * 3);
  }

  /** Prepares sky and horizon of a look. */
  fill(look: Look): void {
    for (let r = 0; r < this.rows; r++) {
      const height = Math.max(0, (this.#horizon - r - 0.5) / this.#horizon);
      for (let c = 0; c < 3; c++) {
        const color = look.horizon[c]! + (look.zenith[c]! - look.horizon[c]!) * height ** 0.7;
        this.#sky[3 * r + c] = look.brightness * color;
      }
    }
    for (let c = 0; c < 3; c++) {
      const veil = (color: number, share: number): number =>
        look.brightness * (color + share * (look.horizon[c]! - color));
      this.#hill[c] = veil(look.hill[c]!, 0.25 + 0.6 * look.fog);
      this.#wood[c] = veil(look.wood[c]!, 0.2 + 0.75 * look.fog);
      this.#bright[c] = look.brightness * Math.min(255, 40 + look.horizon[c]!);
    }
    for (let d = 0; d < NUM_DIRECTIONS; d++) this.#fillDirection(d, look);
    this.#fillClouds(look);
  }

  #fillDirection(d: number, look: Look): void {
    const turn = (2 * Math.PI * d) / NUM_DIRECTIONS;
    let ridge = 0.45;
    for (let k = 2; k <= 9; k++) {
      ridge += (0.5 / k) * Math.sin(k * turn + 2 * Math.PI * hashUnit(look.seed, k, 1));
    }
    const trees = 0.4 + 0.6 * smoothNoise(look.seed, d / 8, 2) + 0.5 * smoothNoise(look.seed, d / 64, 3);
    this.#hillTop[d] = this.#focal * look.hillHeight * Math.max(0.05, ridge);
    this.#woodTop[d] = this.#focal * 0.018 * trees;
    const away = 1 - Math.cos(turn - look.sun);
    this.#glow[d] = look.glow * Math.exp(-6 * away);
  }

  #fillClouds(look: Look): void {
    const columns = NUM_DIRECTIONS / 4;
    for (let r = 0; r < this.rows; r++) {
      const height = Math.max(0, this.#horizon - r) / this.#focal;
      for (let d = 0; d < columns; d++) {
        const around = (d * NUM_CLOUD_CELLS) / columns;
        const layer = height * 60;
        const low = cloudNoise(look.seed, around, Math.floor(layer));
        const high = cloudNoise(look.seed, around, Math.floor(layer) + 1);
        const density = low + (layer - Math.floor(layer)) * (high - low);
        this.#cloud[r * columns + d] = 0.7 * Math.max(0, Math.min(1, 3 * (density - 0.85 + 0.6 * look.clouds)));
      }
    }
  }

  /** Draws the rows above the ground into the top of an image that starts at `offset`. `heading` is the camera's [rad]. */
  draw(pixels: Uint8ClampedArray, offset: number, heading: number): void {
    const turn = (heading / (2 * Math.PI)) * NUM_DIRECTIONS;
    const mask = NUM_DIRECTIONS - 1;
    let p = offset;
    for (let r = 0; r < this.rows; r++) {
      const height = this.#horizon - r - 0.5;
      const row = 3 * r;
      const clouds = (r * NUM_DIRECTIONS) / 4;
      for (let u = 0; u < this.#width; u++) {
        const d = Math.floor(turn + this.#columnTurn[u]!) & mask;
        const light = Math.min(1, this.#cloud[clouds + (d >> 2)]! + this.#glow[d]!);
        const hill = Math.max(0, Math.min(1, this.#hillTop[d]! - height + 0.5));
        const wood = Math.max(0, Math.min(1, this.#woodTop[d]! - height + 0.5));
        for (let c = 0; c < 3; c++) {
          let color = this.#sky[row + c]!;
          color += light * (this.#bright[c]! - color);
          color += hill * (this.#hill[c]! - color);
          color += wood * (this.#wood[c]! - color);
          pixels[p++] = color;
        }
      }
    }
  }
}

/** Noise around the compass: cell NUM_CLOUD_CELLS is cell 0 again. */
function cloudNoise(seed: number, around: number, layer: number): number {
  const cell = Math.floor(around);
  const part = around - cell;
  const ease = part * part * (3 - 2 * part);
  const left = hashUnit(seed, cell % NUM_CLOUD_CELLS, 10 + layer);
  return left + ease * (hashUnit(seed, (cell + 1) % NUM_CLOUD_CELLS, 10 + layer) - left);
}
