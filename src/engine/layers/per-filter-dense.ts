import { KernelError } from "../../errors.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { DifferentiableSignal, Signal } from "../tensor.ts";
import { checkRows } from "./check-size.ts";
import type { ImageShape } from "./image-shape.ts";
import { setUniform } from "./initialize.ts";
import type { FeedForwardLayer, Uniform } from "./layer.ts";

/** What a per-filter head is made of. */
export interface PerFilterDenseOptions {
  /** parameters are `${name}.weight` [filters, outputs, pixels] and `${name}.bias` [filters, outputs] */
  readonly name: string;
  readonly input: Signal;
  readonly shape: ImageShape;
  readonly outputsPerFilter: number;
}

/**
 * Every filter of an image has its own dense layer with ReLU over its pixels: the read-out of the lane-keeping paper's convolution head.
 * Output [rows, outputs * filters], number o * filters + c is output o of filter c. Throws KernelError unless filters are a multiple of 4.
 */
export class PerFilterDense implements FeedForwardLayer {
  readonly input: Signal;
  readonly output: DifferentiableSignal;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: PerFilterDenseOptions;
  readonly #numPixels: number;
  readonly #weight: number;
  readonly #bias: number;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: PerFilterDenseOptions) {
    const { name, input, shape, outputsPerFilter: O } = options;
    const C = shape.channels;
    if (C % 4 !== 0) throw new KernelError("bad-size", `${name}: ${C} filters given, a multiple of 4 is needed`);
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.#numPixels = shape.height * shape.width;
    this.input = input;
    this.output = plan.signal(`${name} output`, input.value.rows, O * C);
    this.#weight = block.reserve(this.#numPixels * O * C);
    this.#bias = block.reserve(O * C);
    block.declare({
      name: `${name}.weight`,
      shape: [C, O, this.#numPixels],
      offset: this.#weight,
      strides: [1, C, O * C],
    });
    block.declare({ name: `${name}.bias`, shape: [C, O], offset: this.#bias, strides: [1, C] });
  }

  initialize(uniform: Uniform): void {
    const { name, shape, outputsPerFilter } = this.#options;
    const count = shape.channels * outputsPerFilter;
    const bound = 1 / Math.sqrt(this.#numPixels);
    setUniform(this.#block, `${name}.weight`, count * this.#numPixels, bound, uniform);
    setUniform(this.#block, `${name}.bias`, count, bound, uniform);
  }

  prepare(): void {
    // the kernel reads the weights as they are
  }

  forward(rows: number): void {
    checkRows(this.#options.name, rows, this.input.value.rows);
    const { value: x } = this.input;
    const { value: y } = this.output;
    const { shape, outputsPerFilter } = this.#options;
    const [weight, bias] = [this.#block.valuePtr(this.#weight), this.#block.valuePtr(this.#bias)];
    for (let r = 0; r < rows; r++)
      this.#plan.kernels.perFilterForward(
        x.ptr + 4 * r * x.stride,
        weight,
        bias,
        y.ptr + 4 * r * y.stride,
        this.#numPixels,
        outputsPerFilter,
        shape.channels,
      );
  }

  backward(rows: number): void {
    const { value: x, gradient: dx } = this.input;
    const { value: y, gradient: dy } = this.output;
    const { shape, outputsPerFilter } = this.#options;
    for (let r = 0; r < rows; r++)
      this.#plan.kernels.perFilterBackward(
        x.ptr + 4 * r * x.stride,
        this.#block.valuePtr(this.#weight),
        y.ptr + 4 * r * y.stride,
        dy.ptr + 4 * r * dy.stride,
        dx === null ? 0 : dx.ptr + 4 * r * dx.stride,
        this.#block.gradientPtr(this.#weight),
        this.#block.gradientPtr(this.#bias),
        this.#numPixels,
        outputsPerFilter,
        shape.channels,
      );
  }
}
