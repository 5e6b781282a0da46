import { Graphics } from "pixi.js";
import type { EdgePainter } from "./edge-mesh.ts";
import { edgeCurve } from "./edge-path.ts";
import type { Edge } from "./edge-mesh.ts";
import type { Disc, DiscColors, NeuronPainter } from "./neuron-mesh.ts";

// What takes the place of the meshes where there is no WebGL: plain shapes, drawn again with every change. Slower, but a picture.

type Rgb = readonly number[];
const toColor = ([r = 0, g = 0, b = 0]: Rgb): number =>
  (Math.round(r * 255) << 16) | (Math.round(g * 255) << 8) | Math.round(b * 255);

/** Synapses as strokes. */
export class EdgeStrokes implements EdgePainter {
  readonly view = new Graphics();
  readonly numEdges: number;
  readonly #edges: readonly Edge[];
  readonly #radius: number;
  readonly #signal: Float32Array;
  #positive = 0;
  #negative = 0;
  #quiet = 0.3;
  #zoom = 1;

  constructor(edges: readonly Edge[], neuronRadius: number) {
    this.#edges = edges;
    this.numEdges = edges.length;
    this.#radius = neuronRadius;
    this.#signal = new Float32Array(edges.length * 2);
  }

  setColors(positive: Rgb, negative: Rgb, quiet: number): void {
    this.#positive = toColor(positive);
    this.#negative = toColor(negative);
    this.#quiet = quiet;
  }

  setZoom(zoom: number): void {
    this.#zoom = zoom;
  }

  /** Strokes have one colour from end to end: no waves. */
  setFlow(): void {}

  setSignal(edge: number, activity: number, visibility: number): void {
    this.#signal[edge * 2] = activity;
    this.#signal[edge * 2 + 1] = visibility;
  }

  upload(): void {
    this.view.clear();
    this.#edges.forEach((edge, e) => {
      const [activity, visibility] = [this.#signal[e * 2] ?? 0, this.#signal[e * 2 + 1] ?? 1];
      const [a, b, c, d] = edgeCurve(edge.a, edge.b, this.#radius);
      this.view.moveTo(a.x, a.y).bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
      this.view.stroke({
        color: edge.polarity > 0 ? this.#positive : this.#negative,
        width: (2 * Math.max(0.35, edge.halfWidth) + 0.8 * activity) / this.#zoom,
        alpha: visibility * (this.#quiet + (1 - this.#quiet) * activity),
      });
    });
  }

  destroy(): void {
    this.view.destroy();
  }
}

/** Neurons as filled circles. */
export class NeuronCircles implements NeuronPainter {
  readonly view = new Graphics();
  readonly #discs: readonly Disc[];
  readonly #signal: Float32Array;
  #colors: DiscColors = { positive: [], negative: [], neutral: [], paper: [] };
  #zoom = 1;

  constructor(discs: readonly Disc[]) {
    this.#discs = discs;
    this.#signal = new Float32Array(discs.length * 2);
  }

  setColors(colors: DiscColors): void {
    this.#colors = colors;
  }

  setZoom(zoom: number): void {
    this.#zoom = zoom;
  }

  setSignal(neuron: number, activation: number, visibility: number): void {
    this.#signal[neuron * 2] = activation;
    this.#signal[neuron * 2 + 1] = visibility;
  }

  upload(): void {
    const { positive, negative, neutral, paper } = this.#colors;
    this.view.clear();
    this.#discs.forEach(({ x, y, radius }, n) => {
      const [activation, alpha] = [this.#signal[n * 2] ?? 0, this.#signal[n * 2 + 1] ?? 1];
      const hue = activation >= 0 ? positive : negative;
      const share = Math.min(1, Math.abs(activation));
      const fill = neutral.map((v, i) => v + ((hue[i] ?? 0) - v) * share);
      const grown = radius / Math.sqrt(this.#zoom);
      this.view.circle(x, y, grown).fill({ color: toColor(fill), alpha });
      this.view.stroke({ color: toColor(paper), width: 1.5 / this.#zoom, alpha });
    });
  }

  destroy(): void {
    this.view.destroy();
  }
}
