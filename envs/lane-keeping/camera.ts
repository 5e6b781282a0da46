import { HEADING, X, Y } from "./bicycle.ts";
import { Backdrop } from "./backdrop.ts";
import { type CameraShape } from "./camera-shape.ts";
import { type LaneLayout, type PaintedLine, dashCoverage, paintedLines } from "./cross-section.ts";
import { NOISE_ACROSS_BITS, NOISE_ALONG_BITS, NOISE_SIZE, groundNoise } from "./ground-noise.ts";
import { CrossSectionTable, type GroundRows, fogAt, groundRows } from "./ground-rows.ts";
import { hashUnit, smoothNoise } from "./hash.ts";
import type { Look } from "./look.ts";
import type { Road } from "./road.ts";
import { SHADOW_BITS, SHADOW_SIZE, fillShadows } from "./shadows.ts";

/** How far the road is followed [m]. */
const VIEW_DISTANCE = 140;
/** Points of the centre line that are kept per frame. */
const MAX_POINTS = 160;
/** Rows where the road runs more across than this (sine of its direction) are searched point by point. */
const STEEP = 0.6;
/** Centre-line points nearer to a row than this [m] can be the nearest ones to its pixels. */
const REACH = 12;
/** Far off the road [m]; small enough for integer arithmetic. */
const OFF_ROAD = 400;
/** Places and shares are drawn as integers with 8 fractional bits; while a row is located, with 10 more. */
const ONE = 256;
const FINE_BITS = 10;
/** What the pixel loop needs of other files, gathered: V8 looks imported bindings up anew at every use. */
const DRAWING = {
  noiseMask: NOISE_SIZE - 1,
  noiseBits: Math.log2(NOISE_SIZE),
  acrossShift: 8 - NOISE_ACROSS_BITS,
  alongShift: 8 - NOISE_ALONG_BITS,
  shadowShift: 8 - SHADOW_BITS,
  shadowMask: SHADOW_SIZE - 1,
} as const;
/** Length of the stretches that missing paint comes in [m]. */
const MISSING_STRETCH = 15;

/**
 * A forward camera over flat ground, drawn row by row.
 *
 * Each image row below the horizon shows one ground distance d. The lane's centre is walked once per frame; where it crosses a row, at
 * distance y to the left, with direction θ and curvature κ in the camera's frame, a pixel t metres further left lies
 * e ≈ t cos θ − κ (t sin θ)² / 2 metres left of the centre, at station s + t sin θ. Rows that the road crosses steeply or
 * twice (hairpins) look up the nearest point of the walk instead. `e` then selects an entry of the row's cross-section table.
 *
 * The same road, look and pose give the same bytes. Nothing is allocated per frame.
 */
export class Camera {
  readonly shape: CameraShape;
  readonly #rows: GroundRows;
  readonly #table: CrossSectionTable;
  readonly #backdrop: Backdrop;
  readonly #noise = groundNoise();
  readonly #shadow = new Uint8Array(SHADOW_SIZE);
  #lines: readonly PaintedLine[] = [];
  #look: Look | null = null;
  /** [MAX_POINTS] the walk in the camera's frame: forward, left, direction, curvature, station */
  readonly #forward = new Float64Array(MAX_POINTS);
  readonly #left = new Float64Array(MAX_POINTS);
  readonly #direction = new Float64Array(MAX_POINTS);
  readonly #curvature = new Float64Array(MAX_POINTS);
  readonly #station = new Float64Array(MAX_POINTS);
  #numPoints = 0;
  /** [rows] how often the centre crosses the row; where, by point and share of the way to the next */
  readonly #numCrossings: Uint8Array;
  readonly #crossing: Float64Array;
  readonly #candidates = new Int32Array(MAX_POINTS);
  /** [width] of the row that is being drawn: metres left of the lane's centre, station; integers in 1/ONE m */
  readonly #across: Int32Array;
  readonly #along: Int32Array;
  /** [3] how strongly each line is painted in this row */
  readonly #strength = new Int32Array(3);
  /** [rows] what fog leaves of shadows */
  readonly #shadowShare: Int32Array;
  #shadowSlant = 0;

  constructor(shape: CameraShape) {
    this.shape = shape;
    this.#rows = groundRows(shape);
    this.#table = new CrossSectionTable(this.#rows);
    this.#backdrop = new Backdrop(shape, this.#rows.count);
    this.#numCrossings = new Uint8Array(this.#rows.count);
    this.#crossing = new Float64Array(this.#rows.count);
    this.#across = new Int32Array(shape.width);
    this.#along = new Int32Array(shape.width);
    this.#shadowShare = new Int32Array(this.#rows.count);
  }

  /** Prepares the tables of a road's lanes and look: once per episode. */
  setScene(layout: LaneLayout, look: Look): void {
    this.#look = look;
    this.#shadowSlant = Math.round(ONE * look.shadowSlant);
    this.#lines = paintedLines(layout, look);
    this.#table.fill(layout, look);
    this.#backdrop.fill(look);
    fillShadows(this.#shadow, look);
    for (let r = 0; r < this.#rows.count; r++) {
      const blur = Math.min(1, 3 / this.#rows.depthSpan[r]!);
      this.#shadowShare[r] = Math.round(ONE * look.shadowDepth * blur * (1 - fogAt(look, this.#rows.depth[r]!)));
    }
  }

  /**
   * Draws what a car sees whose state starts [x, y, heading] and whose nearest station is given, into `pixels` from `offset` on:
   * [height, width, 3], top row first. Throws before the first `setScene`.
   */
  render(pixels: Uint8Array, offset: number, road: Road, station: number, state: Float64Array): void {
    if (this.#look === null) throw new Error("internal: the camera has no scene yet");
    this.#walk(road, station, state);
    this.#findCrossings();
    this.#backdrop.draw(pixels, offset, state[HEADING]!);
    for (let r = 0; r < this.#rows.count; r++) {
      this.#locateRow(r);
      this.#drawRow(pixels, offset, r);
    }
  }

  /** Follows the centre line ahead of the car, in finer steps near by, and turns it into the camera's frame. */
  #walk(road: Road, station: number, state: Float64Array): void {
    const cos = Math.cos(state[HEADING]!);
    const sin = Math.sin(state[HEADING]!);
    const eyeX = state[X]! + this.shape.ahead * cos;
    const eyeY = state[Y]! + this.shape.ahead * sin;
    let index = road.indexAt(station);
    let n = 0;
    for (let walked = 0; walked < VIEW_DISTANCE && n < MAX_POINTS; n++) {
      const dx = road.x[index]! - eyeX;
      const dy = road.y[index]! - eyeY;
      this.#forward[n] = dx * cos + dy * sin;
      this.#left[n] = dy * cos - dx * sin;
      this.#direction[n] = road.heading[index]! - state[HEADING]!;
      this.#curvature[n] = road.curvature[index]!;
      this.#station[n] = index * road.spacing;
      const stride = walked < 20 ? 1 : walked < 60 ? 2 : 4;
      walked += stride * road.spacing;
      index += stride;
      if (index >= road.count) {
        if (!road.closed) break;
        index -= road.count;
      }
    }
    this.#numPoints = n;
  }

  /** Counts how often the walk crosses each row's distance and remembers the first crossing. */
  #findCrossings(): void {
    const { count, depth } = this.#rows;
    this.#numCrossings.fill(0);
    let row = 0;
    for (let i = 0; i + 1 < this.#numPoints; i++) {
      const from = this.#forward[i]!;
      const to = this.#forward[i + 1]!;
      while (row < count && depth[row]! <= to) this.#addCrossing(row, i + (depth[row++]! - from) / (to - from));
      while (row > 0 && depth[row - 1]! > to) this.#addCrossing(--row, i + (depth[row]! - from) / (to - from));
    }
  }

  #addCrossing(row: number, at: number): void {
    if (this.#numCrossings[row] === 0) this.#crossing[row] = Math.max(0, at);
    this.#numCrossings[row]! += 1;
  }

  /** Fills `across` and `along` for every pixel of a row. */
  #locateRow(r: number): void {
    const last = this.#numPoints - 1;
    const numCrossings = this.#numCrossings[r]!;
    const at = numCrossings === 0 ? last : this.#crossing[r]!;
    const point = Math.min(last, Math.floor(at));
    const steep = Math.abs(Math.sin(this.#direction[point]!)) > STEEP || Math.cos(this.#direction[point]!) < 0;
    const isBeyondWalk = numCrossings === 0 && this.#forward[last]! < this.#rows.depth[r]!;
    if (numCrossings === 1 && !steep) this.#locateByCrossing(r, at);
    else if (isBeyondWalk && !steep && this.#isEndFarthest(last)) this.#locateByCrossing(r, last);
    else this.#locateByPoints(r);
  }

  #isEndFarthest(last: number): boolean {
    for (let i = 0; i < last; i++) if (this.#forward[i]! > this.#forward[last]!) return false;
    return true;
  }

  /** e = c0 + c1 t + c2 t² along the row, from the road's place, direction and curvature at the crossing. */
  #locateByCrossing(r: number, at: number): void {
    const i = Math.floor(at);
    const j = Math.min(i + 1, this.#numPoints - 1);
    const part = at - i;
    const depth = this.#rows.depth[r]!;
    const direction = this.#direction[i]! + part * (this.#direction[j]! - this.#direction[i]!);
    const curvature = this.#curvature[i]!;
    const forward = this.#forward[i]! + part * (this.#forward[j]! - this.#forward[i]!);
    const left = this.#left[i]! + part * (this.#left[j]! - this.#left[i]!);
    const gap = this.#station[j]! - this.#station[i]!;
    const station = this.#station[i]! + part * Math.max(0, gap);
    const cos = Math.cos(direction);
    const sin = Math.sin(direction);
    const ahead = (depth - forward) * cos;
    const c0 = -(depth - forward) * sin - (curvature / 2) * ahead * ahead;
    const c1 = cos - curvature * ahead * sin;
    const c2 = (-curvature / 2) * sin * sin;
    const span = this.#rows.pixelSpan[r]!;
    this.#fillQuadratic((this.shape.width / 2 - 0.5) * span - left, span, c0, c1, c2, station + ahead, sin);
    for (let g = 0; g < this.#lines.length; g++) {
      const line = this.#lines[g]!;
      const nearby = (line.at - c0) / c1;
      this.#strength[g] = ONE * this.#paintStrength(line, g, station + ahead + nearby * sin, this.#rows.depthSpan[r]!);
    }
  }

  /**
   * `across` = c0 + t (c1 + t c2) and `along` = s0 + t s1 for t = first, first − span, …: by adding differences, in integers with
   * FINE_BITS more fractional bits. Rows that come here keep |across| below 2 km, so nothing overflows.
   */
  #fillQuadratic(first: number, span: number, c0: number, c1: number, c2: number, s0: number, s1: number): void {
    const fine = ONE << FINE_BITS;
    const across = this.#across;
    const along = this.#along;
    const width = this.shape.width;
    let e = Math.round(fine * (c0 + first * (c1 + first * c2)));
    let de = Math.round(fine * span * (span * c2 - c1 - 2 * c2 * first));
    const dde = Math.round(fine * 2 * span * span * c2);
    let s = Math.round(fine * (s0 + first * s1));
    const ds = Math.round(-fine * span * s1);
    for (let u = 0; u < width; u++) {
      across[u] = e >> FINE_BITS;
      along[u] = s >> FINE_BITS;
      e = (e + de) | 0;
      de = (de + dde) | 0;
      s = (s + ds) | 0;
    }
  }

  /** Nearest point of the walk for each pixel: exact where the road turns across or back. */
  #locateByPoints(r: number): void {
    const depth = this.#rows.depth[r]!;
    let numCandidates = 0;
    let leftmost = -Infinity;
    let rightmost = Infinity;
    for (let i = 0; i < this.#numPoints; i += 2) {
      if (Math.abs(this.#forward[i]! - depth) >= REACH) continue;
      this.#candidates[numCandidates++] = i;
      leftmost = Math.max(leftmost, this.#left[i]! + REACH);
      rightmost = Math.min(rightmost, this.#left[i]! - REACH);
    }
    const span = this.#rows.pixelSpan[r]!;
    let left = (this.shape.width / 2 - 0.5) * span;
    for (let u = 0; u < this.shape.width; u++) {
      const isNear = left < leftmost && left > rightmost;
      this.#locatePixel(u, depth, left, isNear ? numCandidates : 0);
      left -= span;
    }
    for (let g = 0; g < this.#lines.length; g++) {
      const { dash, gap } = this.#lines[g]!.style;
      this.#strength[g] = ONE * (dash / (dash + gap)) * (1 - 0.6 * this.#look!.wear) * (1 - this.#look!.missing);
    }
  }

  #locatePixel(u: number, forward: number, left: number, numCandidates: number): void {
    let nearest = -1;
    let least = REACH * REACH;
    for (let k = 0; k < numCandidates; k++) {
      const i = this.#candidates[k]!;
      const dx = forward - this.#forward[i]!;
      const dy = left - this.#left[i]!;
      const distance = dx * dx + dy * dy;
      if (distance < least) {
        least = distance;
        nearest = i;
      }
    }
    this.#across[u] = ONE * (OFF_ROAD / 2 + left);
    this.#along[u] = ONE * forward;
    if (nearest < 0) return;
    const dx = forward - this.#forward[nearest]!;
    const dy = left - this.#left[nearest]!;
    const cos = Math.cos(this.#direction[nearest]!);
    const sin = Math.sin(this.#direction[nearest]!);
    const ahead = dx * cos + dy * sin;
    this.#across[u] = ONE * (dy * cos - dx * sin - (this.#curvature[nearest]! / 2) * ahead * ahead);
    this.#along[u] = ONE * (this.#station[nearest]! + ahead);
  }

  /** Share of paint that is there: dashes, averaged over the stations that a row shows, wear and missing stretches. */
  #paintStrength(line: PaintedLine, g: number, station: number, span: number): number {
    const look = this.#look!;
    const dashes = dashCoverage(line.style, station - span / 2, station + span / 2);
    if (dashes === 0) return 0;
    const wear = look.wear === 0 ? 0 : look.wear * (0.35 + 0.65 * smoothNoise(look.seed, station * 1.2, 40 + g));
    const stretch = Math.floor(station / MISSING_STRETCH);
    const isMissing = look.missing > 0 && hashUnit(look.seed, stretch, 50 + g) < look.missing;
    return isMissing ? 0 : dashes * (1 - wear);
  }

  /** Colours, light and paint of one located row. Shares and light have 8 fractional bits, texture 15. */
  #drawRow(pixels: Uint8Array, offset: number, r: number): void {
    const width = this.shape.width;
    const { ground, paint, paintColor } = this.#table;
    const start = this.#table.start[r]!;
    const end = this.#table.numEntries[r]! - 1;
    const resolution = Math.round(this.#table.resolution[r]! * ONE);
    const low = Math.round(this.#table.low * ONE);
    const red = paintColor[3 * r]!;
    const green = paintColor[3 * r + 1]!;
    const blue = paintColor[3 * r + 2]!;
    const across = this.#across;
    const along = this.#along;
    const strength = this.#strength;
    const shadow = this.#shadow;
    const shadowShare = this.#shadowShare[r]!;
    const slant = this.#shadowSlant;
    const noise = this.#noise;
    const { noiseMask, noiseBits, acrossShift, alongShift, shadowShift, shadowMask } = DRAWING;
    let p = offset + (this.shape.height - 1 - r) * width * 3;
    for (let u = 0; u < width; u++) {
      const e = across[u]!;
      const s = along[u]!;
      let k = Math.imul(e - low, resolution) >> 16;
      k = start + (k < 0 ? 0 : k > end ? end : k);
      const texel = (((s >> alongShift) & noiseMask) << noiseBits) | ((e >> acrossShift) & noiseMask);
      const shade = shadow[((s + (Math.imul(slant, e) >> 8)) >> shadowShift) & shadowMask]!;
      const color = ground[k]!;
      const texture = 32768 + Math.imul(color >>> 24, noise[texel]!);
      const light = Math.imul(texture, 256 - (Math.imul(shadowShare, shade) >> 8)) >> 15;
      let pixelRed = color & 255;
      let pixelGreen = (color >> 8) & 255;
      let pixelBlue = (color >> 16) & 255;
      const cover = paint[k]!;
      if (cover > 0) {
        const share = Math.imul(cover & 255, strength[cover >> 8]!) >> 8;
        pixelRed += Math.imul(share, red - pixelRed) >> 8;
        pixelGreen += Math.imul(share, green - pixelGreen) >> 8;
        pixelBlue += Math.imul(share, blue - pixelBlue) >> 8;
      }
      pixelRed = Math.imul(pixelRed, light) >> 8;
      pixelGreen = Math.imul(pixelGreen, light) >> 8;
      pixelBlue = Math.imul(pixelBlue, light) >> 8;
      pixels[p] = pixelRed > 255 ? 255 : pixelRed;
      pixels[p + 1] = pixelGreen > 255 ? 255 : pixelGreen;
      pixels[p + 2] = pixelBlue > 255 ? 255 : pixelBlue;
      p += 3;
    }
  }
}
