/**
 * Exact pixel coverage of polygons, the heart of the rasteriser.
 *
 * Every edge adds, to each pixel row it crosses, its signed area to the left of the next pixel border; a running sum along the row
 * then is the part of each pixel that lies inside. Shapes of equal winding may overlap: the sum is cut at 1, so a stroke made of
 * many quads is painted once. Coordinates are pixels, y downwards, (0, 0) the outer corner of the first pixel.
 */
export class Coverage {
  readonly width: number;
  readonly height: number;
  /** [height, width + 2] differences along each row; all zero between shapes. */
  readonly sums: Float32Array;
  readonly stride: number;
  /** Rows and columns that hold something: [top, bottom) × [left, right). */
  top = 0;
  bottom = 0;
  left = 0;
  right = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.stride = width + 2;
    this.sums = new Float32Array(this.stride * height);
    this.forget();
  }

  /** Empties the dirty box; the reader of `sums` has set them back to zero. */
  forget(): void {
    this.top = this.height;
    this.bottom = 0;
    this.left = this.width;
    this.right = 0;
  }

  /** Adds the directed edge (x0, y0) -> (x1, y1) of a closed outline. */
  edge(x0: number, y0: number, x1: number, y1: number): void {
    if (y0 === y1) return;
    if (y0 < y1) this.#descend(x0, y0, x1, y1, 1);
    else this.#descend(x1, y1, x0, y0, -1);
  }

  /** Adds an axis-aligned box, wound like `edge(x0, y0, x0, y1)` on its left side. */
  box(x0: number, y0: number, x1: number, y1: number): void {
    this.edge(x0, y0, x0, y1);
    this.edge(x1, y1, x1, y0);
  }

  /** Walks the rows an edge crosses from top to bottom. `sign` is +1 for an edge that went down, -1 for one that went up. */
  #descend(x0: number, y0: number, x1: number, y1: number, sign: number): void {
    const { width, height, stride } = this;
    const slope = (x1 - x0) / (y1 - y0);
    const first = Math.max(0, Math.floor(y0));
    const last = Math.min(height, Math.ceil(y1));
    if (first >= last) return;
    if (first < this.top) this.top = first;
    if (last > this.bottom) this.bottom = last;
    let x = y0 < first ? x0 + (first - y0) * slope : x0;
    for (let row = first; row < last; row++) {
      const drop = Math.min(row + 1, y1) - Math.max(row, y0);
      const next = x + slope * drop;
      const from = Math.min(width, Math.max(0, Math.min(x, next)));
      const to = Math.min(width, Math.max(0, Math.max(x, next)));
      this.#spread(row * stride, from, to, sign * drop);
      x = next;
    }
  }

  /** Shares the height `drop` of an edge that runs from column `from` to `to` (from <= to) within one row among the columns. */
  #spread(row: number, from: number, to: number, drop: number): void {
    const { sums } = this;
    const first = Math.floor(from);
    const end = Math.ceil(to);
    if (first < this.left) this.left = first;
    if (end + 1 > this.right) this.right = end + 1;
    if (end <= first + 1) {
      const right = drop * (0.5 * (from + to) - first);
      sums[row + first]! += drop - right;
      sums[row + first + 1]! += right;
      return;
    }
    // Area left of each pixel border grows quadratically in the first and last pixel and linearly between.
    const perPixel = drop / (to - from);
    const head = first + 1 - from;
    const tail = to - (end - 1);
    const inFirst = 0.5 * perPixel * head * head;
    const inLast = 0.5 * perPixel * tail * tail;
    sums[row + first]! += inFirst;
    if (end === first + 2) {
      sums[row + first + 1]! += drop - inFirst - inLast;
    } else {
      const second = perPixel * (head + 0.5);
      sums[row + first + 1]! += second - inFirst;
      for (let column = first + 2; column < end - 1; column++) sums[row + column]! += perPixel;
      sums[row + end - 1]! += drop - second - (end - first - 3) * perPixel - inLast;
    }
    sums[row + end]! += inLast;
  }
}
