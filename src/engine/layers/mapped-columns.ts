import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { Tensor } from "../tensor.ts";

/** Factor and shift of every sensor or motor neuron; any other value of the reference means none. */
export type Mapping = "affine" | "linear" | "none";

/** Per-column factor `${name}_w` and shift `${name}_b`, as far as the mapping has them; constants 1 and 0 where it has not. */
export class MappedColumns {
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #name: string;
  readonly #size: number;
  readonly #w: number | null;
  readonly #b: number | null;
  readonly #constants: { readonly ones: Tensor; readonly zeros: Tensor; readonly sink: Tensor };

  constructor(plan: MemoryPlan, block: ParameterBlock, name: string, size: number, mapping: Mapping) {
    this.#plan = plan;
    this.#block = block;
    this.#name = name;
    this.#size = size;
    this.#w = mapping === "none" ? null : declareVector(block, `${name}_w`, size);
    this.#b = mapping === "affine" ? declareVector(block, `${name}_b`, size) : null;
    const vector = (what: string): Tensor => plan.tensor(`${name} ${what}`, 1, size);
    const constants = { ones: vector("ones"), zeros: vector("zeros"), sink: vector("unused gradient") };
    this.#constants = constants;
    plan.onBind(() => constants.ones.data.fill(1, 0, size));
  }

  initialize(): void {
    if (this.#w !== null) this.#block.set(`${this.#name}_w`, new Float32Array(this.#size).fill(1));
    if (this.#b !== null) this.#block.set(`${this.#name}_b`, new Float32Array(this.#size));
  }

  get scale(): number {
    return this.#w === null ? this.#constants.ones.ptr : this.#block.valuePtr(this.#w);
  }

  get shift(): number {
    return this.#b === null ? this.#constants.zeros.ptr : this.#block.valuePtr(this.#b);
  }

  forward(x: number, y: number, ld: number, rows: number): void {
    this.#plan.kernels.affineForward(x, y, ld, this.scale, this.shift, rows, ld);
  }

  backward(x: number, dy: number, dx: number, ld: number, rows: number): void {
    const { sink } = this.#constants;
    const dScale = this.#w === null ? sink.ptr : this.#block.gradientPtr(this.#w);
    const dShift = this.#b === null ? sink.ptr : this.#block.gradientPtr(this.#b);
    this.#plan.kernels.affineBackward(x, dy, dx, ld, this.scale, dScale, dShift, rows, ld);
  }
}

/** Reserves a vector of parameters and names it; returns its offset. */
export function declareVector(block: ParameterBlock, name: string, size: number): number {
  const offset = block.reserve(size);
  block.declare({ name, shape: [size], offset, strides: [1] });
  return offset;
}
