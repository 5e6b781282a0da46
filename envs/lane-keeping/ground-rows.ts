import type { CameraShape } from "./camera-shape.ts";
import {
  SHOULDER,
  VERGE,
  type LaneLayout,
  type PaintedLine,
  coverage,
  laneBorders,
  paintedLines,
} from "./cross-section.ts";
import type { Look } from "./look.ts";

/** Nothing nearer to the horizon than this many pixels is drawn as ground. */
const MIN_PIXELS_BELOW_HORIZON = 0.3;
/** Haze on the clearest day, as a share at 40 m. */
const HAZE = 0.06;
/** Finest resolution of a row's table [entries per metre]. */
const MAX_RESOLUTION = 40;

/** Focal length in pixels. */
export const focalLength = (shape: CameraShape): number => shape.width / 2 / Math.tan(shape.fieldOfView / 2);

/** The ground distance that each image row below the horizon shows, nearest (bottom) row first. */
export interface GroundRows {
  readonly count: number;
  /** [count] ground distance of the row's middle [m], growing. */
  readonly depth: Float64Array;
  /** [count] ground that the row's height covers, and ground per pixel along the row [m]. */
  readonly depthSpan: Float64Array;
  readonly pixelSpan: Float64Array;
}

/** Which ground each row of a camera shows. */
export function groundRows(shape: CameraShape): GroundRows {
  const focal = focalLength(shape);
  const horizon = shape.horizon * shape.height;
  const count = Math.floor(shape.height - 0.5 - horizon - MIN_PIXELS_BELOW_HORIZON) + 1;
  const depth = new Float64Array(count);
  const depthSpan = new Float64Array(count);
  const pixelSpan = new Float64Array(count);
  for (let r = 0; r < count; r++) {
    const below = shape.height - 0.5 - r - horizon;
    depth[r] = (shape.above * focal) / below;
    depthSpan[r] = (shape.above * focal) / Math.max(0.25, below - 0.5) - (shape.above * focal) / (below + 0.5);
    pixelSpan[r] = depth[r]! / focal;
  }
  return { count, depth, depthSpan, pixelSpan };
}

/** Fog at a distance, as the share of the horizon's colour. */
export const fogAt = (look: Look, distance: number): number => 1 - ((1 - look.fog) * (1 - HAZE)) ** (distance / 40);

/**
 * What each row shows at each place across the road, colours with fog and brightness included. Row r's entries start at `start[r]`;
 * entry k of a row is the strip of one pixel's width around `low + (k + 0.5) / resolution[r]` metres to the left.
 */
export class CrossSectionTable {
  readonly start: Int32Array;
  readonly numEntries: Int32Array;
  /** [rows] entries per metre */
  readonly resolution: Float64Array;
  /** Place of the first entry's beginning [m]. */
  low = 0;
  /** [entries] ground: red, green, blue and contrast of the texture, 8 bits each from the lowest up */
  ground = new Int32Array(0);
  /** [entries] share covered by paint (8 bits, 255 for all) and, above it, which line it belongs to */
  paint = new Uint16Array(0);
  /** [rows, 3] colour of paint */
  readonly paintColor: Uint8ClampedArray;
  readonly #rows: GroundRows;

  constructor(rows: GroundRows) {
    this.#rows = rows;
    this.start = new Int32Array(rows.count);
    this.numEntries = new Int32Array(rows.count);
    this.resolution = new Float64Array(rows.count);
    this.paintColor = new Uint8ClampedArray(rows.count * 3);
  }

  /** Fills the table for a road's lanes and look. Allocates only when it has to grow. */
  fill(layout: LaneLayout, look: Look): void {
    const [right, left] = laneBorders(layout);
    const margin = SHOULDER + VERGE + 1.5;
    this.low = right - margin;
    this.#lay(left - right + 2 * margin);
    for (let r = 0; r < this.#rows.count; r++) this.#fillRow(r, layout, look);
  }

  #lay(extent: number): void {
    let total = 0;
    for (let r = 0; r < this.#rows.count; r++) {
      this.resolution[r] = Math.min(MAX_RESOLUTION, 2 / this.#rows.pixelSpan[r]!);
      this.numEntries[r] = Math.ceil(extent * this.resolution[r]!);
      this.start[r] = total;
      total += this.numEntries[r]!;
    }
    if (this.ground.length >= total) return;
    this.ground = new Int32Array(total);
    this.paint = new Uint16Array(total);
  }

  #fillRow(r: number, layout: LaneLayout, look: Look): void {
    const borders = laneBorders(layout);
    const asphaltRight = borders[0] - SHOULDER;
    const asphaltLeft = borders[1] + SHOULDER;
    const lines = paintedLines(layout, look);
    const fog = fogAt(look, this.#rows.depth[r]!);
    const half = this.#rows.pixelSpan[r]! / 2;
    for (let c = 0; c < 3; c++) this.paintColor[3 * r + c] = inFog(look.line[c]!, c, fog, look);
    for (let k = 0; k < this.numEntries[r]!; k++) {
      const entry = this.start[r]! + k;
      const from = this.low + (k + 0.5) / this.resolution[r]! - half;
      const to = from + 2 * half;
      const asphalt = coverage(from, to, asphaltRight, asphaltLeft);
      const firm = coverage(from, to, asphaltRight - VERGE, asphaltLeft + VERGE);
      const grain = (1 - fog) * (asphalt * look.asphaltGrain + (1 - asphalt) * look.grassGrain);
      let packed = byte(255 * grain) << 24;
      for (let c = 0; c < 3; c++) {
        const ground = asphalt * look.asphalt[c]! + (firm - asphalt) * look.verge[c]! + (1 - firm) * look.grass[c]!;
        packed |= byte(inFog(ground, c, fog, look)) << (8 * c);
      }
      this.ground[entry] = packed;
      this.paint[entry] = paintAt(from, to, lines, look.lineWidth / 2);
    }
  }
}

/** The line that covers most of the strip [from, to], and by which share. */
function paintAt(from: number, to: number, lines: readonly PaintedLine[], half: number): number {
  let most = 0;
  let packed = 0;
  for (let g = 0; g < lines.length; g++) {
    const line = lines[g]!;
    const share = coverage(from, to, line.at - half, line.at + half);
    if (line.style.dash === 0 || share <= most) continue;
    most = share;
    packed = byte(255 * share) | (g << 8);
  }
  return packed;
}

const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** One channel of a colour behind fog, with the look's brightness. */
function inFog(color: number, channel: number, fog: number, look: Look): number {
  return look.brightness * (color + fog * (look.horizon[channel]! - color));
}
