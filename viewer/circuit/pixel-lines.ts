import type { Camera } from "./camera.ts";
import { FLOW_DEPTH, segmentsOf, WAVELENGTH_PX, type Edge } from "./circuit-canvas.ts";
import { curveLength, curvePoint, edgeCurve } from "./edge-path.ts";
import { mixPixels, type PixelPicture } from "./pixel-picture.ts";

/** Everything but the signals that a picture of the synapses depends on. */
export interface LineStyle {
  readonly camera: Camera;
  /** colours as pixels */
  readonly positive: number;
  readonly negative: number;
  /** how visible a silent synapse is, in [0, 1] */
  readonly quiet: number;
  /** where the waves are, in wavelengths; null for none */
  readonly flow: number | null;
}

const FLOATS_PER_POINT = 3;
/** More lines than this are fainter, so that they do not hide each other. */
const CROWDED_FROM = 1500;
const OPAQUE = 256;

/** All synapses of a circuit, drawn pixel by pixel as smooth lines. */
export class PixelLines {
  readonly #edges: readonly Edge[];
  readonly #segments: number;
  /** x, y and wavelengths from the beginning, per point of each edge */
  readonly #points: Float32Array;
  /** activity and visibility per edge */
  readonly #signals: Float32Array;
  /** 1 for edges that are drawn column by column, 0 for row by row */
  readonly #isWide: Uint8Array;
  readonly #shares: Float64Array;

  constructor(edges: readonly Edge[], neuronRadius: number) {
    this.#edges = edges;
    this.#segments = segmentsOf(edges.length);
    this.#signals = new Float32Array(edges.length * 2);
    this.#isWide = Uint8Array.from(edges, ({ a, b }) => (Math.abs(b.x - a.x) * 3 >= Math.abs(b.y - a.y) ? 1 : 0));
    this.#shares = new Float64Array(this.#segments + 1);
    this.#points = new Float32Array(edges.length * (this.#segments + 1) * FLOATS_PER_POINT);
    edges.forEach((edge, e) => this.#place(edge, e, neuronRadius));
  }

  /** How much an edge carries and how visible it is, both in [0, 1]. */
  setSignal(edge: number, activity: number, visibility: number): void {
    this.#signals[edge * 2] = activity;
    this.#signals[edge * 2 + 1] = visibility;
  }

  get numEdges(): number {
    return this.#edges.length;
  }

  /** Draws edges [from, to) onto what is there. */
  draw(picture: PixelPicture, style: LineStyle, from: number, to: number): void {
    for (let e = from; e < to; e++) this.#drawEdge(picture, style, this.#edges[e]!, e);
  }

  #place(edge: Edge, e: number, neuronRadius: number): void {
    const curve = edgeCurve(edge.a, edge.b, neuronRadius);
    const waves = curveLength(curve) / WAVELENGTH_PX;
    const first = e * (this.#segments + 1) * FLOATS_PER_POINT;
    for (let s = 0; s <= this.#segments; s++) {
      const { x, y } = curvePoint(curve, s / this.#segments);
      this.#points.set([x, y, (s / this.#segments) * waves], first + s * FLOATS_PER_POINT);
    }
  }

  #drawEdge(picture: PixelPicture, style: LineStyle, { polarity, halfWidth }: Edge, e: number): void {
    const { camera } = style;
    const activity = this.#signals[e * 2]!;
    this.#setShares(style, e, halfWidth);
    const half = Math.max(0.35, halfWidth) + 0.4 * activity;
    const color = polarity > 0 ? style.positive : style.negative;
    const isWide = this.#isWide[e] === 1;
    let p = e * (this.#segments + 1) * FLOATS_PER_POINT;
    for (let s = 0; s < this.#segments; s++, p += FLOATS_PER_POINT) {
      const [x0, y0] = [this.#points[p]! * camera.zoom + camera.x, this.#points[p + 1]! * camera.zoom + camera.y];
      const [x1, y1] = [this.#points[p + 3]! * camera.zoom + camera.x, this.#points[p + 4]! * camera.zoom + camera.y];
      strokeSegment(picture, x0, y0, this.#shares[s]!, x1, y1, this.#shares[s + 1]!, half, color, isWide);
    }
  }

  /** How opaque the edge is at each of its points, in [0, 256]. */
  #setShares({ quiet, flow }: LineStyle, e: number, halfWidth: number): void {
    const [activity, visibility] = [this.#signals[e * 2]!, this.#signals[e * 2 + 1]!];
    const crowd = Math.min(1, Math.sqrt(CROWDED_FROM / this.#edges.length));
    const most = OPAQUE * visibility * (crowd < 1 ? crowd * Math.min(1, 2 * halfWidth) : 1);
    const first = e * (this.#segments + 1) * FLOATS_PER_POINT;
    for (let s = 0; s <= this.#segments; s++) {
      let lit = activity;
      if (flow !== null && this.#segments > 1) {
        const wave = 0.5 + 0.5 * Math.cos(2 * Math.PI * (this.#points[first + s * FLOATS_PER_POINT + 2]! - flow));
        lit *= 1 - FLOW_DEPTH * (1 - wave * wave);
      }
      this.#shares[s] = most * (quiet + (1 - quiet) * lit);
    }
  }
}

/** Steeper pieces are drawn along the other axis. */
const STEEPEST = 4;

/**
 * A smooth line from (x0, y0) to (x1, y1), `half` its width, with opacity running from share0 to share1 (of 256), drawn column by column
 * (`isWide`) or row by row. A pixel is covered by how far its centre lies inside; segments that meet and go the same way share no pixels.
 */
export function strokeSegment(
  { width, height, pixels }: PixelPicture,
  x0: number,
  y0: number,
  share0: number,
  x1: number,
  y1: number,
  share1: number,
  half: number,
  color: number,
  isWide: boolean,
): void {
  const [dx, dy] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  if (isWide ? dy <= STEEPEST * dx : dx > STEEPEST * dy)
    strokeAlong(pixels, width, 1, height, width, x0, y0, share0, x1, y1, share1, half, color);
  else strokeAlong(pixels, height, width, width, 1, y0, x0, share0, y1, x1, share1, half, color);
}

/** Goes along one axis (`a`) and colours the few pixels across it (`c`) at every step. */
function strokeAlong(
  pixels: PixelPicture["pixels"],
  aSize: number,
  aStride: number,
  cSize: number,
  cStride: number,
  a0: number,
  c0: number,
  share0: number,
  a1: number,
  c1: number,
  share1: number,
  half: number,
  color: number,
): void {
  if (a0 > a1) return strokeAlong(pixels, aSize, aStride, cSize, cStride, a1, c1, share1, a0, c0, share0, half, color);
  const slope = (c1 - c0) / (a1 - a0);
  const fade = (share1 - share0) / (a1 - a0);
  const perPixel = 1 / Math.sqrt(1 + slope * slope); // distance from the line per pixel across
  const edge = half + 0.5;
  const reach = edge / perPixel;
  const end = Math.min(aSize, Math.ceil(a1 - 0.5));
  for (let a = Math.max(0, Math.ceil(a0 - 0.5)); a < end; a++) {
    const center = c0 + (a + 0.5 - a0) * slope;
    const share = share0 + (a + 0.5 - a0) * fade;
    const first = Math.max(0, Math.ceil(center - reach - 0.5));
    const last = Math.min(cSize - 1, Math.floor(center + reach - 0.5));
    const step = perPixel * share;
    let before = edge * share + (first + 0.5 - center) * step; // grows from pixel to pixel while `after` shrinks
    let after = edge * share - (first + 0.5 - center) * step;
    let at = a * aStride + first * cStride;
    for (let c = first; c <= last; c++) {
      pixels[at] = mixPixels(pixels[at]!, color, Math.min(before, after, share) | 0);
      before += step;
      after -= step;
      at += cStride;
    }
  }
}
