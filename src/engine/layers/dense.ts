import { activationKinds, savesInput, type Activation } from "../activation-kind.ts";
import { packedLength } from "../kernels/kernels.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type Signal, type Tensor } from "../tensor.ts";
import { checkRows } from "./check-size.ts";
import { flattenedStrides, numFeatures, type ImageShape } from "./image-shape.ts";
import { orthogonal, setUniform } from "./initialize.ts";
import type { FeedForwardLayer, Uniform } from "./layer.ts";

/** What a dense layer is made of. */
export interface DenseOptions {
  /** parameters are `${name}.weight` [out, in] and `${name}.bias` [out] */
  readonly name: string;
  readonly input: Signal;
  readonly outputSize: number;
  readonly activation?: Activation;
  /** where the input is a flattened image: its shape, so that weights are named in torch's order (channel, row, column) */
  readonly image?: ImageShape;
  /** `torch` (default): U(±1/sqrt(in)) for weight and bias; `orthogonal`: gain times orthonormal, bias 0 */
  readonly initializer?: { readonly kind: "torch" } | { readonly kind: "orthogonal"; readonly gain: number };
}

/** y = f(x · transpose(W) + b). Shapes: x [rows, in], y [rows, out]. */
export class Dense implements FeedForwardLayer {
  readonly input: Signal;
  readonly output: DifferentiableSignal;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: DenseOptions;
  readonly #kind: number;
  /** rows of the stored weights, padding channels of an image included */
  readonly #in: number;
  /** inputs as others count them */
  readonly #features: number;
  readonly #width: number;
  /** offsets in the block: weights are stored [in, width], bias [width] */
  readonly #weight: number;
  readonly #bias: number;
  readonly #packed: Tensor;
  readonly #packedT: Tensor | null;
  /** pre-activation, kept where the derivative needs it */
  readonly #before: Tensor | null;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: DenseOptions) {
    const { name, input, outputSize, activation = "identity", image } = options;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.#kind = activationKinds[activation];
    this.input = input;
    this.output = plan.signal(`${name} output`, input.value.rows, outputSize);
    this.#in = input.value.cols;
    this.#features = image === undefined ? this.#in : numFeatures(image);
    this.#width = padded(outputSize);
    this.#weight = block.reserve(this.#in * this.#width);
    this.#bias = block.reserve(this.#width);
    block.declare({
      name: `${name}.weight`,
      shape: [outputSize, this.#features],
      offset: this.#weight,
      ...(image === undefined
        ? { strides: [1, this.#width] }
        : {
            dims: [outputSize, image.channels, image.height, image.width],
            strides: [1, ...flattenedStrides(image, this.#width)],
          }),
    });
    block.declare({ name: `${name}.bias`, shape: [outputSize], offset: this.#bias, strides: [1] });
    this.#packed = plan.tensor(`${name} packed`, 1, packedLength(this.#in, this.#width));
    this.#packedT =
      input.gradient === null ? null : plan.tensor(`${name} packed T`, 1, packedLength(this.#width, this.#in));
    this.#before = savesInput(activation) ? plan.tensor(`${name} before`, input.value.rows, outputSize) : null;
  }

  initialize(uniform: Uniform): void {
    const { name, outputSize, initializer = { kind: "torch" } } = this.#options;
    switch (initializer.kind) {
      case "torch": {
        const bound = 1 / Math.sqrt(this.#features);
        setUniform(this.#block, `${name}.weight`, outputSize * this.#features, bound, uniform);
        setUniform(this.#block, `${name}.bias`, outputSize, bound, uniform);
        return;
      }
      case "orthogonal":
        this.#block.set(`${name}.weight`, orthogonal(outputSize, this.#features, initializer.gain, uniform));
        this.#block.set(`${name}.bias`, new Float32Array(outputSize));
        return;
      default:
        return initializer satisfies never;
    }
  }

  prepare(): void {
    const k = this.#plan.kernels;
    const weight = this.#block.valuePtr(this.#weight);
    k.packColumns(weight, this.#width, this.#in, this.#width, this.#packed.ptr);
    if (this.#packedT) k.packRows(weight, this.#width, this.#width, this.#in, this.#packedT.ptr);
  }

  forward(rows: number): void {
    checkRows(this.#options.name, rows, this.input.value.rows);
    const k = this.#plan.kernels;
    const { value: x } = this.input;
    const { value: y } = this.output;
    const z = this.#before ?? y;
    const bias = this.#block.valuePtr(this.#bias);
    k.gemm(x.ptr, x.stride, this.#packed.ptr, z.ptr, z.stride, rows, this.#width, this.#in, 2, bias);
    k.activate(z.ptr, y.ptr, rows * y.stride, this.#kind);
  }

  backward(rows: number): void {
    const k = this.#plan.kernels;
    const { value: x, gradient: dx } = this.input;
    const { value: y, gradient: dy } = this.output;
    k.activateBackward(dy.ptr, (this.#before ?? y).ptr, rows * y.stride, this.#kind);
    k.addColumnSums(dy.ptr, dy.stride, rows, this.#width, this.#block.gradientPtr(this.#bias));
    const dW = this.#block.gradientPtr(this.#weight);
    k.gemmTransposed(x.ptr, x.stride, dy.ptr, dy.stride, dW, this.#width, this.#in, this.#width, rows);
    if (dx && this.#packedT)
      k.gemm(dy.ptr, dy.stride, this.#packedT.ptr, dx.ptr, dx.stride, rows, dx.stride, this.#width, 0, 0);
  }
}
