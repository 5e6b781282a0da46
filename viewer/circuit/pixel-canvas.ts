import { followSize, sizeOf } from "../render/element-size.ts";
import { WHOLE, type Camera } from "./camera.ts";
import type { CircuitCanvas, CircuitColors, Disc, Edge } from "./circuit-canvas.ts";
import { PixelDiscs } from "./pixel-discs.ts";
import { PixelLines } from "./pixel-lines.ts";
import { toPixel, type PixelPicture } from "./pixel-picture.ts";

/** How many of `numEdges` synapses are drawn for one of many pictures: two to four milliseconds of work. */
const edgesAtATime = (numEdges: number): number => Math.max(200, Math.ceil(numEdges / 8));
const NO_COLORS = { positive: 0, negative: 0, neutral: 0, paper: 0, quiet: 0 } as const;

/**
 * A circuit on a plain 2D canvas, every pixel computed here. Where no graphics card helps this is the quickest way by far: a WebGL canvas
 * costs 3.5 ms a picture there before anything is drawn on it, and a path of the 2D canvas 30 µs (docs/performance.md).
 */
export class PixelCanvas implements CircuitCanvas {
  readonly #canvas = document.createElement("canvas");
  readonly #context: CanvasRenderingContext2D;
  readonly #unfollow: () => void;
  #image = new ImageData(1, 1);
  /** what is shown */
  #front: PixelPicture = pictureOf(this.#image);
  /** the synapses alone, and those that will take their place */
  #back = this.#front;
  #coming = this.#front;
  #numCame = 0;
  #lines = new PixelLines([], 1);
  #discs = new PixelDiscs([]);
  #colors: Readonly<Record<keyof CircuitColors, number>> = NO_COLORS;
  #camera: Camera = WHOLE;
  #flow: number | null = null;

  constructor(host: HTMLElement, onResize: (width: number, height: number) => void) {
    const context = this.#canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("this browser has no 2D canvas");
    this.#context = context;
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", "Neurons and synapses of the circuit");
    host.append(this.#canvas);
    const size = sizeOf(host);
    this.#resize(size);
    this.#unfollow = followSize(host, size, (size) => {
      this.#resize(size);
      onResize(size.width, size.height);
    });
  }

  get width(): number {
    return this.#canvas.width;
  }
  get height(): number {
    return this.#canvas.height;
  }

  load(edges: readonly Edge[], discs: readonly Disc[], neuronRadius: number): void {
    this.#lines = new PixelLines(edges, neuronRadius);
    this.#discs = new PixelDiscs(discs);
  }

  setColors({ positive, negative, neutral, paper, quiet }: CircuitColors): void {
    this.#colors = {
      positive: toPixel(positive),
      negative: toPixel(negative),
      neutral: toPixel(neutral),
      paper: toPixel(paper),
      quiet,
    };
  }

  setCamera(camera: Camera): void {
    this.#camera = camera;
  }

  setFlow(phase: number | null): void {
    this.#flow = phase;
  }

  setEdge(edge: number, activity: number, visibility: number): void {
    this.#lines.setSignal(edge, activity, visibility);
  }

  setNeuron(neuron: number, activation: number, visibility: number): void {
    this.#discs.setSignal(neuron, activation, visibility);
  }

  draw(): void {
    this.#numCame = 0;
    this.#drawSynapses(this.#lines.numEdges);
    this.#drawNeurons();
  }

  drawOn(): boolean {
    const { numEdges } = this.#lines;
    const count = edgesAtATime(numEdges);
    this.#drawSynapses(count);
    this.#drawNeurons();
    return count >= numEdges;
  }

  /** Draws some more of the synapses that come; when all are there, they are shown and the next begin. */
  #drawSynapses(count: number): void {
    if (this.#numCame === 0) this.#coming.pixels.fill(this.#colors.paper);
    const to = Math.min(this.#lines.numEdges, this.#numCame + count);
    const style = { ...this.#colors, camera: this.#camera, flow: this.#flow };
    this.#lines.draw(this.#coming, style, this.#numCame, to);
    this.#numCame = to;
    if (to < this.#lines.numEdges) return;
    [this.#back, this.#coming, this.#numCame] = [this.#coming, this.#back, 0];
  }

  #drawNeurons(): void {
    this.#front.pixels.set(this.#back.pixels);
    this.#discs.draw(this.#front, { ...this.#colors, camera: this.#camera });
    this.#context.putImageData(this.#image, 0, 0);
  }

  destroy(): void {
    this.#unfollow();
    this.#canvas.remove();
  }

  #resize(size: { readonly width: number; readonly height: number }): void {
    Object.assign(this.#canvas, size);
    this.#image = this.#context.createImageData(size.width, size.height);
    this.#front = pictureOf(this.#image);
    const empty = (): PixelPicture => ({ ...size, pixels: new Int32Array(size.width * size.height) });
    [this.#back, this.#coming, this.#numCame] = [empty(), empty(), 0];
  }
}

function pictureOf({ width, height, data }: ImageData): PixelPicture {
  return { width, height, pixels: new Int32Array(data.buffer) };
}
