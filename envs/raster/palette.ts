import type { Color } from "../frame.ts";

/** Cells of the coarse colour cube, 5 bits per channel. */
const CELLS = 32 * 32 * 32;

/** A list of colours and the way from any RGB pixel to the index of one of them. */
export interface Palette {
  readonly colors: readonly Color[];
  indexOf(r: number, g: number, b: number): number;
}

/**
 * Collects the colours of pictures and reduces them to at most `maxColors`: exactly where there are so few, otherwise by median cut
 * over a cube of 5 bits per channel (Heckbert 1982, doi:10.1145/965145.801294).
 */
export class ColorCounter {
  readonly #exact = new Map<Color, number>();
  readonly #maxColors: number;
  // Per coarse cell: how many pixels, and the sums of their channels.
  readonly #count = new Float64Array(CELLS);
  readonly #sums = new Float64Array(CELLS * 3);

  constructor(maxColors: number) {
    this.#maxColors = maxColors;
  }

  /** Adds all pixels of an RGB picture, [height, width, 3]. */
  add(pixels: Uint8Array): void {
    let last = -1;
    for (let i = 0; i < pixels.length; i += 3) {
      const color = (pixels[i]! << 16) | (pixels[i + 1]! << 8) | pixels[i + 2]!;
      if (color !== last && this.#exact.size <= this.#maxColors && !this.#exact.has(color)) {
        this.#exact.set(color, this.#exact.size);
      }
      last = color;
      const cell = cellOf(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
      this.#count[cell]!++;
      this.#sums[cell * 3]! += pixels[i]!;
      this.#sums[cell * 3 + 1]! += pixels[i + 1]!;
      this.#sums[cell * 3 + 2]! += pixels[i + 2]!;
    }
  }

  /** The palette of everything added so far. */
  palette(): Palette {
    if (this.#exact.size <= this.#maxColors) {
      const exact = this.#exact;
      return { colors: [...exact.keys()], indexOf: (r, g, b) => exact.get((r << 16) | (g << 8) | b) ?? 0 };
    }
    const boxes = this.#cut();
    const table = new Uint8Array(CELLS);
    boxes.forEach((cells, index) => cells.forEach((cell) => (table[cell] = index)));
    return { colors: boxes.map((cells) => this.#mean(cells)), indexOf: (r, g, b) => table[cellOf(r, g, b)]! };
  }

  /** Splits the used cells into boxes: always the box of the largest spread times pixels, at its median along its longest side. */
  #cut(): number[][] {
    const used = Array.from(this.#count.keys()).filter((cell) => this.#count[cell]! > 0);
    const boxes = [this.#measure(used)];
    while (boxes.length < this.#maxColors) {
      const widest = boxes.reduce((best, box, i) => (box.weight > boxes[best]!.weight ? i : best), 0);
      const box = boxes[widest]!;
      if (box.weight === 0) break;
      const sorted = box.cells.toSorted((a, b) => channelOf(a, box.axis) - channelOf(b, box.axis));
      const middle = this.#median(sorted, box.axis);
      boxes.splice(widest, 1, this.#measure(sorted.slice(0, middle)), this.#measure(sorted.slice(middle)));
    }
    return boxes.map((box) => box.cells);
  }

  #measure(cells: number[]): { cells: number[]; axis: number; weight: number } {
    let [axis, spread] = [0, -1];
    for (let channel = 0; channel < 3; channel++) {
      const values = cells.map((cell) => channelOf(cell, channel));
      const width = values.reduce((a, b) => Math.max(a, b), 0) - values.reduce((a, b) => Math.min(a, b), 31);
      if (width > spread) [axis, spread] = [channel, width];
    }
    const numPixels = cells.reduce((sum, cell) => sum + this.#count[cell]!, 0);
    return { cells, axis, weight: spread * Math.sqrt(numPixels) };
  }

  /** Index in `sorted` that halves the pixels, moved to where the channel changes, so that both halves hold something. */
  #median(sorted: readonly number[], axis: number): number {
    const half = sorted.reduce((sum, cell) => sum + this.#count[cell]!, 0) / 2;
    let [index, sum] = [0, 0];
    while (index < sorted.length - 1 && sum + this.#count[sorted[index]!]! <= half)
      sum += this.#count[sorted[index++]!]!;
    const changes = (i: number): boolean => channelOf(sorted[i]!, axis) !== channelOf(sorted[i - 1]!, axis);
    let up = Math.max(1, index);
    while (up < sorted.length && !changes(up)) up++;
    if (up < sorted.length) return up;
    let down = Math.max(1, index);
    while (!changes(down)) down--;
    return down;
  }

  #mean(cells: readonly number[]): Color {
    const totals = [0, 1, 2].map((channel) => cells.reduce((sum, cell) => sum + this.#sums[cell * 3 + channel]!, 0));
    const count = cells.reduce((sum, cell) => sum + this.#count[cell]!, 0);
    const [r, g, b] = totals.map((total) => Math.round(total / count)) as [number, number, number];
    return (r << 16) | (g << 8) | b;
  }
}

function cellOf(r: number, g: number, b: number): number {
  return ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
}

function channelOf(cell: number, channel: number): number {
  return (cell >> (10 - 5 * channel)) & 31;
}
