import { packedLength } from "../kernels/kernels.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import { LANES, type Tensor } from "../tensor.ts";

/** One axis of the algorithm: how m outputs come from n products. */
interface WinogradAxis {
  /** as the kernels number them */
  readonly kind: number;
  readonly m: number;
  readonly n: number;
  /** [n][r] what the products' second factors are of the weights */
  readonly filter: readonly (readonly number[])[];
}

// y[i] = sum over j of d[i + j] g[j], m outputs of r weights from n = m + r - 1 products instead of m r.
// r = 2, m = 2: (d0 - d1) g0, d1 (g0 + g1), (d2 - d1) g1.  r = 2, m = 3 and r = 3, m = 2: evaluated at 0, 1, -1 and infinity.
/** r = 2, m = 2 */
const twoOfTwo: WinogradAxis = {
  kind: 0,
  m: 2,
  n: 3,
  filter: [
    [1, 0],
    [1, 1],
    [0, 1],
  ],
};
/** r = 2, m = 3 */
const threeOfTwo: WinogradAxis = {
  kind: 1,
  m: 3,
  n: 4,
  filter: [
    [1, 0],
    [0.5, 0.5],
    [0.5, -0.5],
    [0, 1],
  ],
};
/** r = 3, m = 2 */
const twoOfThree: WinogradAxis = {
  kind: 2,
  m: 2,
  n: 4,
  filter: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
};

/** Below so many numbers in a block, and filters, the transforms cost more than they save. */
const MIN_DEPTH = 32;
/** Rows of a product computed together: enough for full blocks in the kernels, few enough for the second-level cache. */
const MIN_ROWS = 64;

/** Numbers left free between the n * n matrices of factors: otherwise they would start at the same place of every cache way. */
const SPREAD = 80;

/** What a convolution must tell. Sizes in numbers unless said otherwise. */
export interface WinogradShape {
  /** pixels */
  readonly kernel: number;
  /** pixels */
  readonly stride: number;
  /** of a pixel, padded */
  readonly pitch: number;
  /** filters, padded */
  readonly width: number;
  /** from one image row to the next */
  readonly rowPitch: number;
  /** pixels of an image as it is read, border included */
  readonly height: number;
  readonly imageWidth: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly hasInputGradient: boolean;
}

/** How a convolution can be computed by Winograd's algorithm; null where it cannot, or where that would not be faster. */
export function winogradAxis(shape: WinogradShape): WinogradAxis | null {
  const { kernel, stride, pitch, width, outHeight, outWidth } = shape;
  if ((stride * pitch) % LANES !== 0) return null;
  if (stride * stride * pitch < MIN_DEPTH || width < MIN_DEPTH || Math.min(outHeight, outWidth) < 4) return null;
  if (kernel === 3 * stride) return twoOfThree;
  if (kernel !== 2 * stride) return null;
  return outHeight % 3 === 0 && outWidth % 3 === 0 ? threeOfTwo : twoOfTwo;
}

/**
 * Convolution by Winograd's minimal filtering in two dimensions: Y = A^T [(G g G^T) * (B^T d B)] A for tiles of m x m output pixels. Kernels that are
 * twice or three times as wide as their stride become kernels of 2 x 2 or 3 x 3 blocks of stride x stride pixels. n * n products of matrices take the
 * place of one with m * m * r * r / (n * n) times the multiplications: 1.8 to 2.3 times.
 *
 * Source: Winograd 1980, Arithmetic Complexity of Computations; Lavin and Gray 2016, arXiv:1509.09308. Equal to the plain sum up to rounding (some
 * 1e-6 of the largest output); an image's result does not depend on how many others there are.
 */
export class WinogradConv {
  readonly #plan: MemoryPlan;
  readonly #shape: WinogradShape;
  readonly #axis: WinogradAxis;
  /** numbers of a block */
  readonly #depth: number;
  readonly #tilesY: number;
  readonly #tilesX: number;
  /** images computed together */
  readonly #group: number;
  /** [n * n] second factors, each [depth, width], and their gradients */
  readonly #filters: Tensor;
  readonly #dFilters: Tensor;
  readonly #packed: Tensor;
  readonly #packedT: Tensor | null;
  /** n * n matrices of first factors [rows, depth], and of products [rows, width], of a group; gradients take their places */
  readonly #inputs: Tensor;
  readonly #products: Tensor;

  constructor(plan: MemoryPlan, name: string, shape: WinogradShape, axis: WinogradAxis, maxImages: number) {
    const { stride, pitch, width, outHeight, outWidth, hasInputGradient } = shape;
    const { m, n } = axis;
    this.#plan = plan;
    this.#shape = shape;
    this.#axis = axis;
    this.#depth = stride * stride * pitch;
    this.#tilesY = Math.ceil(outHeight / m);
    this.#tilesX = Math.ceil(outWidth / m);
    const tiles = this.#tilesY * this.#tilesX;
    this.#group = Math.min(maxImages, Math.ceil(MIN_ROWS / tiles));
    const each = (what: string, rows: number, cols: number): Tensor =>
      plan.tensor(`${name} ${what}`, n * n * rows, cols);
    this.#filters = each("transformed filters", this.#depth, width);
    this.#dFilters = each("d transformed filters", this.#depth, width);
    this.#packed = each("packed", 1, packedLength(this.#depth, width));
    this.#packedT = hasInputGradient ? each("packed T", 1, packedLength(width, this.#depth)) : null;
    const factors = (what: string, cols: number): Tensor =>
      plan.tensor(`${name} ${what}`, n * n, this.#group * tiles * cols + SPREAD);
    this.#inputs = factors("transformed input", this.#depth);
    this.#products = factors("products", width);
  }

  /** Makes changed weights count: [kernel, kernel, pitch, width] at an address. */
  prepare(weight: number): void {
    const k = this.#plan.kernels;
    const { width } = this.#shape;
    k.fill(this.#filters.ptr, this.#filters.length, 0);
    this.#eachFilterPart((part, filter, count, factor) =>
      k.addScaled(this.#filters.ptr + filter, weight + part, count, factor),
    );
    this.#eachProduct((p) => {
      const filters = this.#filters.ptr + 4 * p * this.#depth * width;
      k.packColumns(filters, width, this.#depth, width, at(this.#packed, p));
      if (this.#packedT) k.packRows(filters, width, width, this.#depth, at(this.#packedT, p));
    });
  }

  /** y <- (ReLU of) bias + convolution of `count` images at x, all addresses; pitches in numbers. */
  forward(x: number, imagePitch: number, y: number, count: number, bias: number, isRelu: boolean): void {
    const { outHeight, outWidth, width } = this.#shape;
    const k = this.#plan.kernels;
    for (let first = 0; first < count; first += this.#group) {
      const images = Math.min(this.#group, count - first);
      this.#transform("winogradInput", x + 4 * first * imagePitch, imagePitch, images);
      const rows = images * this.#tiles;
      this.#eachProduct((p) =>
        k.gemm(
          at(this.#inputs, p),
          this.#depth,
          at(this.#packed, p),
          at(this.#products, p),
          width,
          rows,
          width,
          this.#depth,
          0,
          0,
        ),
      );
      k.winogradOutput(
        this.#axis.kind,
        this.#products.ptr,
        this.#products.stride,
        y + 4 * first * this.#outPitch,
        this.#outPitch,
        outHeight,
        outWidth,
        this.#tilesY,
        this.#tilesX,
        images,
        width,
        bias,
        isRelu ? 1 : 0,
      );
    }
  }

  /** Forgets the gradients that `backward` sums. */
  clearGradient(): void {
    this.#plan.kernels.fill(this.#dFilters.ptr, this.#dFilters.length, 0);
  }

  /** Sums gradients of the filters; adds to dx, 0: not wanted. dz is the gradient of y before ReLU. */
  backward(x: number, imagePitch: number, dz: number, dx: number, count: number): void {
    for (let first = 0; first < count; first += this.#group) {
      const images = Math.min(this.#group, count - first);
      const step = 4 * first * imagePitch;
      this.#backwardGroup(x + step, imagePitch, dz + 4 * first * this.#outPitch, dx === 0 ? 0 : dx + step, images);
    }
  }

  /** Adds the summed gradients to those of the weights, at an address. */
  addWeightGradient(dWeight: number): void {
    const k = this.#plan.kernels;
    this.#eachFilterPart((part, filter, count, factor) =>
      k.addScaled(dWeight + part, this.#dFilters.ptr + filter, count, factor),
    );
  }

  #backwardGroup(x: number, imagePitch: number, dz: number, dx: number, images: number): void {
    const k = this.#plan.kernels;
    const { outHeight, outWidth, width } = this.#shape;
    const rows = images * this.#tiles;
    this.#transform("winogradInput", x, imagePitch, images);
    k.winogradOutputGradient(
      this.#axis.kind,
      this.#products.ptr,
      this.#products.stride,
      dz,
      this.#outPitch,
      outHeight,
      outWidth,
      this.#tilesY,
      this.#tilesX,
      images,
      width,
    );
    this.#eachProduct((p) => {
      const input = at(this.#inputs, p);
      const product = at(this.#products, p);
      const dFilter = this.#dFilters.ptr + 4 * p * this.#depth * width;
      k.gemmTransposed(input, this.#depth, product, width, dFilter, width, this.#depth, width, rows);
      if (dx !== 0 && this.#packedT)
        k.gemm(product, width, at(this.#packedT, p), input, this.#depth, rows, this.#depth, width, 0, 0);
    });
    if (dx === 0) return;
    this.#transform("winogradInputGradient", dx, imagePitch, images);
  }

  /** Blocks of the images at x to first factors, or the gradients of those back. */
  #transform(
    direction: "winogradInput" | "winogradInputGradient",
    x: number,
    imagePitch: number,
    images: number,
  ): void {
    const { rowPitch, stride, pitch } = this.#shape;
    this.#plan.kernels[direction](
      this.#axis.kind,
      x,
      imagePitch,
      rowPitch,
      stride,
      stride * pitch,
      this.#blocksY,
      this.#blocksX,
      this.#tilesY,
      this.#tilesX,
      images,
      this.#inputs.ptr,
      this.#inputs.stride,
    );
  }

  get #tiles(): number {
    return this.#tilesY * this.#tilesX;
  }

  /** Whole blocks of an image. */
  get #blocksY(): number {
    return Math.floor(this.#shape.height / this.#shape.stride);
  }

  get #blocksX(): number {
    return Math.floor(this.#shape.imageWidth / this.#shape.stride);
  }

  get #outPitch(): number {
    return this.#shape.outHeight * this.#shape.outWidth * this.#shape.width;
  }

  #eachProduct(visit: (p: number) => void): void {
    for (let p = 0; p < this.#axis.n ** 2; p++) visit(p);
  }

  /**
   * Every piece of weights that counts in a transformed filter: where it starts in the weights and in the transformed filters (bytes), how many numbers
   * it has, and its factor. Weights of one row of pixels of a block lie together.
   */
  #eachFilterPart(visit: (part: number, filter: number, count: number, factor: number) => void): void {
    const { kernel, stride, pitch, width } = this.#shape;
    const { n, filter } = this.#axis;
    const count = stride * pitch * width;
    filter.forEach((down, a) =>
      filter.forEach((across, b) =>
        down.forEach((u, i) =>
          across.forEach((v, j) => {
            if (u * v === 0) return;
            for (let row = 0; row < stride; row++) {
              const part = ((i * stride + row) * kernel + j * stride) * pitch * width;
              visit(4 * part, 4 * ((a * n + b) * this.#depth * width + row * count), count, u * v);
            }
          }),
        ),
      ),
    );
  }
}

/** Address of the p-th row. */
const at = (tensor: Tensor, p: number): number => tensor.ptr + 4 * p * tensor.stride;
