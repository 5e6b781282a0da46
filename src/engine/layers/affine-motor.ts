import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type Signal } from "../tensor.ts";
import { checkRows } from "./check-size.ts";
import type { FeedForwardLayer } from "./layer.ts";

/** What the affine output map is made of. */
export interface AffineMotorOptions {
  /** parameters are `${name}.scale` [M] and `${name}.bias` [M] */
  readonly name: string;
  /** motor neurons [rows, M] */
  readonly input: Signal;
  readonly initialScale: number;
  /** 0 when absent */
  readonly initialBias?: number;
}

/** y[:, m] = scale[m] * x[:, m] + bias[m]: every motor neuron keeps its own meaning (a logit, an action dimension). */
export class AffineMotor implements FeedForwardLayer {
  readonly input: Signal;
  readonly output: DifferentiableSignal;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: AffineMotorOptions;
  readonly #scale: number;
  readonly #bias: number;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: AffineMotorOptions) {
    const { name, input } = options;
    const size = input.value.cols;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.input = input;
    this.output = plan.signal(`${name} output`, input.value.rows, size);
    this.#scale = block.reserve(padded(size));
    this.#bias = block.reserve(padded(size));
    block.declare({ name: `${name}.scale`, shape: [size], offset: this.#scale, strides: [1] });
    block.declare({ name: `${name}.bias`, shape: [size], offset: this.#bias, strides: [1] });
  }

  initialize(): void {
    const { name, input, initialScale, initialBias = 0 } = this.#options;
    this.#block.set(`${name}.scale`, new Float32Array(input.value.cols).fill(initialScale));
    this.#block.set(`${name}.bias`, new Float32Array(input.value.cols).fill(initialBias));
  }

  prepare(): void {
    // nothing is derived from the weights
  }

  forward(rows: number): void {
    checkRows(this.#options.name, rows, this.input.value.rows);
    const { value: x } = this.input;
    const { value: y } = this.output;
    const block = this.#block;
    const [scale, bias] = [block.valuePtr(this.#scale), block.valuePtr(this.#bias)];
    this.#plan.kernels.affineForward(x.ptr, y.ptr, x.stride, scale, bias, rows, x.stride);
  }

  backward(rows: number): void {
    const { value: x, gradient: dx } = this.input;
    const dy = this.output.gradient;
    const block = this.#block;
    const scale = block.valuePtr(this.#scale);
    const [dScale, dBias] = [block.gradientPtr(this.#scale), block.gradientPtr(this.#bias)];
    this.#plan.kernels.affineBackward(x.ptr, dy.ptr, dx?.ptr ?? 0, x.stride, scale, dScale, dBias, rows, x.stride);
  }
}
