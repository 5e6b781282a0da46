import { type MemoryPlan, Mlp, type ParameterBlock, type Signal, type Tensor, type Uniform } from "../engine/index.ts";
import type { CriticSpec } from "./policy-spec.ts";

/** What a critic may read. */
export interface CriticSources {
  /** rows of floats: observations, or the encoder's features */
  readonly input: Signal;
  /** [rows, H] the circuit's states after each step; null: not read */
  readonly states: Tensor | null;
}

/**
 * Value function of its own over observations or features, and over the circuit's states as mere data. Its gradient reaches an encoder,
 * where one made its input; it never reaches the circuit.
 */
export class Critic {
  readonly #plan: MemoryPlan;
  readonly #mlp: Mlp;
  readonly #sources: CriticSources;
  /** what the layers read: the source itself, or [rows, D + H] */
  readonly #joined: Signal | null;
  readonly #dInput: Tensor | null;

  constructor(plan: MemoryPlan, block: ParameterBlock, spec: CriticSpec, sources: CriticSources) {
    const { value, gradient } = sources.input;
    const { states } = sources;
    const wantsGradient = gradient !== null;
    this.#plan = plan;
    this.#sources = sources;
    this.#joined = states
      ? plan.signal("critic input", value.rows, value.cols + states.cols, { gradient: wantsGradient })
      : null;
    this.#dInput = wantsGradient && !states ? plan.tensor("d critic input", value.rows, value.cols) : null;
    this.#mlp = new Mlp(plan, block, {
      name: "critic",
      input: this.#joined ?? { value, gradient: this.#dInput },
      hiddenSizes: spec.hidden,
      outputSize: 1,
      activation: spec.activation,
      outputGain: 1,
    });
  }

  /** [rows, 1] */
  get values(): Tensor {
    return this.#mlp.output.value;
  }

  /** [rows, 1] */
  get dValues(): Tensor {
    return this.#mlp.output.gradient;
  }

  initialize(uniform: Uniform): void {
    this.#mlp.initialize(uniform);
  }

  prepare(): void {
    this.#mlp.prepare();
  }

  forward(rows: number): void {
    if (this.#joined && this.#sources.states)
      this.#join(this.#sources.input.value, this.#sources.states, this.#joined.value, rows);
    this.#mlp.forward(rows);
  }

  backward(rows: number): void {
    this.#mlp.backward(rows);
  }

  /** Adds what `backward` found to the gradient of the input signal. Call after whoever else writes that gradient. */
  addInputGradient(rows: number): void {
    const to = this.#sources.input.gradient;
    if (to === null) return;
    if (this.#dInput) this.#plan.kernels.addScaled(to.ptr, this.#dInput.ptr, rows * to.stride, 1);
    else if (this.#joined?.gradient) addColumns(this.#joined.gradient, to, rows);
  }

  /** to[r] <- a[r] | b[r] */
  #join(a: Tensor, b: Tensor, to: Tensor, rows: number): void {
    const k = this.#plan.kernels;
    k.placeFloats(a.ptr, a.stride, to.ptr, to.stride, rows, a.cols, 1, 0);
    k.placeFloats(b.ptr, b.stride, to.ptr + 4 * a.cols, to.stride, rows, b.cols, 1, 0);
  }
}

/** to[r] += the first columns of from[r] */
function addColumns(from: Tensor, to: Tensor, rows: number): void {
  const [x, y] = [from.data, to.data];
  for (let r = 0; r < rows; r++) for (let c = 0; c < to.cols; c++) y[r * to.stride + c]! += x[r * from.stride + c]!;
}
