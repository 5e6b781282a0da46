import { activationKinds } from "../activation-kind.ts";
import { packedLength } from "../kernels/kernels.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type IntTensor, type Tensor } from "../tensor.ts";
import { checkRows } from "./check-size.ts";
import { convGeometry, type ConvGeometry, type Padding } from "./conv-geometry.ts";
import type { ImageShape } from "./image-shape.ts";
import { maxImages, type ByteImages, type ImageSource } from "./image-source.ts";
import { orthogonal, setUniform } from "./initialize.ts";
import type { Uniform } from "./layer.ts";
import { winogradAxis, WinogradConv, type WinogradShape } from "./winograd-conv.ts";

/** Output pixels computed together where images are copied: enough for full blocks in the kernels, few enough for the second-level cache. */
const GROUP_ROWS = 256;

/** What a convolution is made of. */
export interface Conv2dOptions {
  /** parameters are `${name}.weight` [filters, channels, kernel, kernel] and `${name}.bias` [filters] */
  readonly name: string;
  readonly source: ImageSource;
  readonly filters: number;
  /** height and width of the kernel */
  readonly kernel: number;
  readonly stride: number;
  /** default valid */
  readonly padding?: Padding;
  /** default relu */
  readonly activation?: "relu" | "identity";
  /** orthogonal gain with zero bias; without it torch's default */
  readonly gain?: number;
}

/**
 * 2-D convolution with bias and ReLU, channels last, computed where the images lie: patches are packed block by block, or Winograd's algorithm saves
 * multiplications where there are enough channels (`winograd-conv.ts`).
 *
 * Shapes: output rows are images [outHeight, outWidth, filters padded to 4], flattened. Images with a border, and bytes, pass through scratch
 * images a few at a time. Weights are stored [kernel * kernel * pitch, filters padded].
 */
export class Conv2d {
  readonly output: DifferentiableSignal;
  readonly shape: ImageShape;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: Conv2dOptions;
  readonly #geometry: ConvGeometry;
  readonly #width: number;
  readonly #segLen: number;
  readonly #segPitch: number;
  readonly #weight: number;
  readonly #bias: number;
  readonly #packed: Tensor;
  readonly #packedT: Tensor | null;
  readonly #offsets: IntTensor;
  /** computes the products where that takes fewer multiplications; null: they are computed directly */
  readonly #winograd: WinogradConv | null;
  /** images that are computed together */
  readonly #group: number;
  /** a group of images with their borders, and of gradient images; null where images are used in place */
  readonly #images: Tensor | null;
  readonly #dImages: Tensor | null;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: Conv2dOptions) {
    const { name, source, filters, kernel, stride, padding = "valid" } = options;
    const { shape } = source;
    const g = convGeometry(shape, kernel, stride, padding);
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.#geometry = g;
    this.#width = padded(filters);
    this.#segLen = kernel * shape.pitch;
    this.#segPitch = g.paddedWidth * shape.pitch;
    this.shape = { height: g.outHeight, width: g.outWidth, channels: filters, pitch: this.#width };
    this.output = plan.signal(`${name} output`, maxImages(source), g.outHeight * g.outWidth * this.#width);
    this.#weight = block.reserve(kernel * this.#segLen * this.#width);
    this.#bias = block.reserve(this.#width);
    this.#declare();
    const hasGradient = source.kind === "floats" && source.signal.gradient !== null;
    const numbers = g.paddedHeight * this.#segPitch;
    const isInPlace = source.kind === "floats" && g.paddedHeight === shape.height && g.paddedWidth === shape.width;
    const max = maxImages(source);
    this.#group = isInPlace ? max : Math.min(max, Math.ceil(GROUP_ROWS / (g.outHeight * g.outWidth)));
    this.#images = isInPlace ? null : plan.tensor(`${name} images`, this.#group, numbers);
    this.#dImages = isInPlace || !hasGradient ? null : plan.tensor(`${name} d images`, this.#group, numbers);
    const shapeRead: WinogradShape = {
      kernel,
      stride,
      pitch: shape.pitch,
      width: this.#width,
      rowPitch: this.#segPitch,
      height: g.paddedHeight,
      imageWidth: g.paddedWidth,
      outHeight: g.outHeight,
      outWidth: g.outWidth,
      hasInputGradient: hasGradient,
    };
    const axis = winogradAxis(shapeRead);
    this.#winograd = axis && new WinogradConv(plan, name, shapeRead, axis, this.#group);
    const direct = (what: string, length: number): Tensor => plan.tensor(`${name} ${what}`, 1, axis ? 0 : length);
    this.#packed = direct("packed", packedLength(kernel * this.#segLen, this.#width));
    this.#packedT = hasGradient ? direct("packed T", kernel * packedLength(this.#width, this.#segLen)) : null;
    this.#offsets = plan.ints(`${name} offsets`, g.outHeight * g.outWidth);
    plan.onBind(() => this.#writeOffsets());
  }

  initialize(uniform: Uniform): void {
    const { name, source, filters, kernel, gain } = this.#options;
    const fanIn = kernel * kernel * source.shape.channels;
    if (gain === undefined) {
      setUniform(this.#block, `${name}.weight`, filters * fanIn, 1 / Math.sqrt(fanIn), uniform);
      setUniform(this.#block, `${name}.bias`, filters, 1 / Math.sqrt(fanIn), uniform);
    } else {
      this.#block.set(`${name}.weight`, orthogonal(filters, fanIn, gain, uniform));
      this.#block.set(`${name}.bias`, new Float32Array(filters));
    }
  }

  prepare(): void {
    const k = this.#plan.kernels;
    const weight = this.#block.valuePtr(this.#weight);
    const { kernel } = this.#options;
    if (this.#winograd) {
      this.#winograd.prepare(weight);
      return;
    }
    k.packColumns(weight, this.#width, kernel * this.#segLen, this.#width, this.#packed.ptr);
    if (this.#packedT === null) return;
    const bytes = 4 * packedLength(this.#width, this.#segLen);
    for (let row = 0; row < kernel; row++) {
      const from = weight + 4 * row * this.#segLen * this.#width;
      k.packRows(from, this.#width, this.#width, this.#segLen, this.#packedT.ptr + row * bytes);
    }
  }

  /** Convolves the first `rows` images. */
  forward(rows: number): void {
    checkRows(this.#options.name, rows, maxImages(this.#options.source));
    const { kernel, activation = "relu" } = this.#options;
    const y = this.output.value;
    for (let first = 0; first < rows; first += this.#group) {
      const count = Math.min(this.#group, rows - first);
      const images = this.#placeImages(first, count);
      const to = y.ptr + 4 * first * y.stride;
      const bias = this.#block.valuePtr(this.#bias);
      if (this.#winograd) {
        this.#winograd.forward(images, this.#imagePitch, to, count, bias, activation === "relu");
        continue;
      }
      this.#plan.kernels.convForward(
        images,
        this.#imagePitch,
        to,
        this.#packed.ptr,
        bias,
        this.#offsets.ptr,
        this.#offsets.length,
        count * this.#offsets.length,
        this.#segLen,
        this.#segPitch,
        kernel,
        this.#width,
        activation === "relu" ? 1 : 0,
      );
    }
  }

  /** Adds to parameter gradients, writes the source's gradient where there is one. */
  backward(rows: number): void {
    const k = this.#plan.kernels;
    const { activation = "relu" } = this.#options;
    const { value: y, gradient: dy } = this.output;
    k.activateBackward(dy.ptr, y.ptr, rows * y.stride, activationKinds[activation]);
    k.addColumnSums(dy.ptr, this.#width, rows * this.#offsets.length, this.#width, this.#block.gradientPtr(this.#bias));
    this.#winograd?.clearGradient();
    for (let first = 0; first < rows; first += this.#group) {
      const count = Math.min(this.#group, rows - first);
      const images = this.#placeImages(first, count);
      const dz = dy.ptr + 4 * first * dy.stride;
      const dImages = this.#clearGradient(first, count);
      if (this.#winograd) this.#winograd.backward(images, this.#imagePitch, dz, dImages, count);
      else this.#directBackward(images, dz, dImages, count);
      this.#cropGradients(first, count);
    }
    this.#winograd?.addWeightGradient(this.#block.gradientPtr(this.#weight));
  }

  /** Adds the weights' gradient and, unless dImages is 0, that of the images. */
  #directBackward(images: number, dz: number, dImages: number, count: number): void {
    const k = this.#plan.kernels;
    const { kernel } = this.#options;
    const numPixels = this.#offsets.length;
    k.convWeightGradient(
      images,
      this.#imagePitch,
      dz,
      this.#block.gradientPtr(this.#weight),
      this.#offsets.ptr,
      numPixels,
      count * numPixels,
      this.#segLen,
      this.#segPitch,
      kernel,
      this.#width,
    );
    if (dImages === 0 || this.#packedT === null) return;
    k.convInputGradient(
      dz,
      dImages,
      this.#imagePitch,
      this.#packedT.ptr,
      this.#offsets.ptr,
      numPixels,
      count * numPixels,
      this.#segLen,
      this.#segPitch,
      kernel,
      this.#width,
    );
  }

  /** Address of the gradient of images `first` …, zeros from now on, with border where images have one; 0 where it is not wanted. */
  #clearGradient(first: number, count: number): number {
    const dx = this.#dSource;
    if (dx === null) return 0;
    const target = this.#dImages?.ptr ?? dx.ptr + 4 * first * dx.stride;
    this.#plan.kernels.fill(target, count * this.#imagePitch, 0);
    return target;
  }

  /** Gradient of the images' signal; null where there is none. */
  get #dSource(): Tensor | null {
    const { source } = this.#options;
    return source.kind === "floats" ? source.signal.gradient : null;
  }

  /** Leaves the border out where images have one. */
  #cropGradients(first: number, count: number): void {
    const dx = this.#dSource;
    if (this.#dImages === null || dx === null) return;
    for (let i = 0; i < count; i++)
      this.#cropGradient(this.#dImages.ptr + 4 * i * this.#imagePitch, dx.ptr + 4 * (first + i) * dx.stride);
  }

  /** Numbers from one image to the next as the kernels see them. */
  get #imagePitch(): number {
    if (this.#images !== null) return this.#images.stride;
    const { source } = this.#options;
    return source.kind === "floats" ? source.signal.value.stride : 0;
  }

  /** Address of images `first` … as the kernels want them: with border, as float32. */
  #placeImages(first: number, count: number): number {
    const { source } = this.#options;
    if (this.#images === null)
      return source.kind === "floats" ? source.signal.value.ptr + 4 * first * source.signal.value.stride : 0;
    const { ptr, stride } = this.#images;
    for (let i = 0; i < count; i++) this.#placeImage(first + i, ptr + 4 * (i * stride + this.#borderLength()));
    return ptr;
  }

  /** Brings image r, without border and as float32, to an address. */
  #placeImage(r: number, to: number): void {
    const { source } = this.#options;
    const k = this.#plan.kernels;
    const { height, width, pitch } = source.shape;
    const cols = width * pitch;
    if (source.kind === "floats") {
      const { ptr, stride } = source.signal.value;
      k.placeFloats(ptr + 4 * r * stride, cols, to, this.#segPitch, height, cols, 1, 0);
    } else {
      const from = source.bytes.ptr + r * height * cols;
      const [factor, shift] = this.#byteScale(source, from, height * cols);
      k.placeBytes(from, cols, to, this.#segPitch, height, cols, factor, shift);
    }
  }

  #byteScale({ factor, isStandardized }: ByteImages, from: number, n: number): readonly [number, number] {
    if (!isStandardized) return [factor, 0];
    const k = this.#plan.kernels;
    const mean = k.sumBytes(from, n) / n;
    const variance = Math.max(0, k.sumByteSquares(from, n) / n - mean * mean);
    const scale = 1 / Math.max(Math.sqrt(variance), 1 / (factor * Math.sqrt(n)));
    return [scale, -mean * scale];
  }

  #cropGradient(from: number, to: number): void {
    const { height, width, pitch } = this.#options.source.shape;
    const cols = width * pitch;
    const start = from + 4 * this.#borderLength();
    this.#plan.kernels.placeFloats(start, this.#segPitch, to, cols, height, cols, 1, 0);
  }

  /** Numbers before the first pixel inside the border. */
  #borderLength(): number {
    return this.#geometry.padTop * this.#segPitch + this.#geometry.padLeft * this.#options.source.shape.pitch;
  }

  #declare(): void {
    const { name, source, filters, kernel } = this.#options;
    const { channels, pitch } = source.shape;
    this.#block.declare({
      name: `${name}.weight`,
      shape: [filters, channels, kernel, kernel],
      offset: this.#weight,
      strides: [1, this.#width, this.#segLen * this.#width, pitch * this.#width],
    });
    this.#block.declare({ name: `${name}.bias`, shape: [filters], offset: this.#bias, strides: [1] });
  }

  #writeOffsets(): void {
    const { outWidth } = this.#geometry;
    const { stride, source } = this.#options;
    this.#offsets.data.forEach((_, p) => {
      const [y, x] = [Math.floor(p / outWidth), p % outWidth];
      this.#offsets.data[p] = 4 * stride * (y * this.#segPitch + x * source.shape.pitch);
    });
  }
}
