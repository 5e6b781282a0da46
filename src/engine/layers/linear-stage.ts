import { packedLength } from "../kernels/kernels.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type Tensor } from "../tensor.ts";
import { setUniform, xavierBound } from "./initialize.ts";
import type { Uniform } from "./layer.ts";

/** One column block of a stage: a reference Linear of its own. */
export interface StageBlock {
  /** parameters are `${name}.weight` [size, inputs] and `${name}.bias` [size] */
  readonly name: string;
  /** torch layout [size, inputs]; null: everything connected */
  readonly mask: Float32Array | null;
  /** torch layout: where not 0, the weight counts as its absolute value times this; null: no weight does */
  readonly polarities: Float32Array | null;
}

/** Blocks that the reference keeps in one parameter: weight [blocks * size, inputs] and bias [blocks * size], null for no bias. */
export interface StackedNames {
  readonly weight: string;
  readonly bias: string | null;
}

/** What a stage is made of. */
export interface LinearStageOptions {
  readonly name: string;
  /** inputs that come first (rows of the weights), from another buffer than the rest */
  readonly numInputs: number;
  /** inputs that come after: the layer's own state; 0 for none */
  readonly numRecurrent: number;
  /** outputs of each block */
  readonly size: number;
  readonly blocks: readonly StageBlock[];
  /** names of the parameters where blocks are stacked in one; else every block has its own */
  readonly stacked?: StackedNames;
  /** whether gradients of the first inputs are wanted */
  readonly hasInputGradient: boolean;
  /** every block's mask leaves of the recurrent inputs only the one with the output's own number; default false */
  readonly isRecurrenceDiagonal?: boolean;
}

/** Weights that do not count as they are stored; all laid out as the weights. */
interface MaskedWeights {
  readonly mask: Tensor;
  readonly polarities: Tensor | null;
  readonly factor: Tensor;
  readonly effective: Tensor;
  readonly gradient: Tensor;
}

/** The recurrent part where it is a diagonal in every block: its numbers and their gradient, both [width]. */
interface Diagonal {
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/**
 * Several Linears over the same inputs [x | h], computed as one product: blocks side by side, each padded to a multiple of 4.
 *
 * Memory: weights [inputs + recurrent, width], bias [width]. `effective` = weights * factor is what counts, made once per weight change, its
 * two parts packed for forward and backward. The factor is the mask; with polarities, times polarity and the weight's own sign.
 */
export class LinearStage {
  /** numbers per output row */
  readonly width: number;
  /** numbers per block */
  readonly blockWidth: number;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: LinearStageOptions;
  readonly #weight: number;
  /** null: no bias */
  readonly #bias: number | null;
  readonly #masked: MaskedWeights | null;
  readonly #packedInput: Tensor;
  readonly #packedInputT: Tensor | null;
  /** null where the recurrent part is a diagonal */
  readonly #packedRecurrent: Tensor | null;
  readonly #packedRecurrentT: Tensor | null;
  readonly #diagonal: Diagonal | null;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: LinearStageOptions) {
    const { name, numInputs: D, numRecurrent: H, size, blocks, hasInputGradient } = options;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.blockWidth = padded(size);
    this.width = blocks.length * this.blockWidth;
    this.#weight = block.reserve((D + H) * this.width);
    this.#bias = options.stacked?.bias === null ? null : block.reserve(this.width);
    this.#declare();
    this.#masked = this.#planMask();
    this.#packedInput = plan.tensor(`${name} packed input`, 1, packedLength(D, this.width));
    this.#packedInputT = hasInputGradient
      ? plan.tensor(`${name} packed input T`, 1, packedLength(this.width, D))
      : null;
    const vector = (what: string, length: number): Tensor => plan.tensor(`${name} ${what}`, 1, length);
    const { isRecurrenceDiagonal: isDiagonal = false } = options;
    this.#diagonal = isDiagonal
      ? { value: vector("diagonal", this.width), gradient: vector("d diagonal", this.width) }
      : null;
    this.#packedRecurrent = isDiagonal ? null : vector("packed recurrent", packedLength(H, this.width));
    this.#packedRecurrentT = isDiagonal ? null : vector("packed recurrent T", packedLength(this.width, H));
  }

  /** Address of the packed recurrent part. Not where it is a diagonal. */
  get recurrent(): number {
    return this.#packedRecurrent!.ptr;
  }

  /** Address of its packed transpose. Not where it is a diagonal. */
  get recurrentT(): number {
    return this.#packedRecurrentT!.ptr;
  }

  /** Address of the recurrent part's diagonals, [width]; null where it is not diagonal. */
  get diagonal(): number | null {
    return this.#diagonal && this.#diagonal.value.ptr;
  }

  /** Xavier's uniform for weights, torch's default for biases, as the reference. Stacked parameters are the owner's to draw. */
  initialize(uniform: Uniform): void {
    const { numInputs, numRecurrent, size, blocks, stacked } = this.#options;
    if (stacked) return;
    const fanIn = numInputs + numRecurrent;
    for (const { name } of blocks) {
      setUniform(this.#block, `${name}.weight`, size * fanIn, xavierBound(fanIn, size), uniform);
      setUniform(this.#block, `${name}.bias`, size, 1 / Math.sqrt(fanIn), uniform);
    }
  }

  prepare(): void {
    const k = this.#plan.kernels;
    const { numInputs: D, numRecurrent: H } = this.#options;
    const { width } = this;
    const stored = this.#block.valuePtr(this.#weight);
    const weight = this.#masked === null ? stored : this.#applyMask(stored, this.#masked);
    const recurrent = weight + 4 * D * width;
    k.packColumns(weight, width, D, width, this.#packedInput.ptr);
    if (this.#packedInputT) k.packRows(weight, width, width, D, this.#packedInputT.ptr);
    if (this.#diagonal) {
      this.#eachDiagonal((at, onDiagonal) => k.placeFloats(recurrent + at, width + 1, onDiagonal, 1, H, 1, 1, 0));
      return;
    }
    k.packColumns(recurrent, width, H, width, this.recurrent);
    k.packRows(recurrent, width, width, H, this.recurrentT);
  }

  /** z[rows, width] <- bias + x[rows, D] · input part; isAdded: z += x · input part, without bias. Addresses; ldx is x's stride. */
  projectInput(x: number, ldx: number, z: number, rows: number, isAdded = false): void {
    const start = isAdded ? 1 : this.#bias === null ? 0 : 2;
    const bias = this.#bias === null ? 0 : this.#block.valuePtr(this.#bias);
    const { width } = this;
    this.#plan.kernels.gemm(x, ldx, this.#packedInput.ptr, z, width, rows, width, this.#options.numInputs, start, bias);
  }

  /** z[rows, width] += h[rows, H] · recurrent part. */
  addRecurrent(h: number, z: number, rows: number): void {
    const H = this.#options.numRecurrent;
    const { width } = this;
    this.#plan.kernels.gemm(h, padded(H), this.recurrent, z, width, rows, width, H, 1, 0);
  }

  /** dx[rows, D] <- (isAdded: +=) dz · transpose(input part). */
  inputGradient(dz: number, dx: number, lddx: number, rows: number, isAdded = false): void {
    if (this.#packedInputT === null) return;
    const { width } = this;
    this.#plan.kernels.gemm(dz, width, this.#packedInputT.ptr, dx, lddx, rows, lddx, width, isAdded ? 1 : 0, 0);
  }

  /** dh[rows, H] <- (isAdded: +=) dz · transpose(recurrent part). */
  recurrentGradient(dz: number, dh: number, rows: number, isAdded = false): void {
    const Hp = padded(this.#options.numRecurrent);
    const { width } = this;
    this.#plan.kernels.gemm(dz, width, this.recurrentT, dh, Hp, rows, Hp, width, isAdded ? 1 : 0, 0);
  }

  /** Adds the gradients of weights and bias, masked, summed over all rows. */
  addWeightGradients(x: number, ldx: number, h: number, dz: number, rows: number): void {
    const k = this.#plan.kernels;
    const { numInputs: D, numRecurrent: H } = this.#options;
    const { width } = this;
    const stored = this.#block.gradientPtr(this.#weight);
    const dW = this.#masked?.gradient.ptr ?? stored;
    if (this.#masked) k.fill(dW, this.#masked.gradient.length, 0);
    k.gemmTransposed(x, ldx, dz, width, dW, width, D, width, rows);
    const recurrent = dW + 4 * D * width;
    if (this.#diagonal) this.#diagonalGradient(this.#diagonal.gradient, h, dz, recurrent, rows);
    else if (H > 0) k.gemmTransposed(h, padded(H), dz, width, recurrent, width, H, width, rows);
    if (this.#bias !== null) k.addColumnSums(dz, width, rows, width, this.#block.gradientPtr(this.#bias));
    if (this.#masked) k.addProduct(stored, dW, this.#masked.factor.ptr, this.#masked.factor.length);
  }

  /** Puts the gradients of the diagonals where dW, zero so far, has them. */
  #diagonalGradient(gradient: Tensor, h: number, dz: number, dW: number, rows: number): void {
    const k = this.#plan.kernels;
    const { numRecurrent: H } = this.#options;
    k.fill(gradient.ptr, gradient.length, 0);
    k.addDiagonalGradient(h, dz, gradient.ptr, rows, this.blockWidth);
    this.#eachDiagonal((at, onDiagonal) => k.placeFloats(onDiagonal, 1, dW + at, this.width + 1, H, 1, 1, 0), gradient);
  }

  /** For every block: where it starts in a matrix, in bytes from its start, and the address in a vector of diagonals. */
  #eachDiagonal(visit: (at: number, onDiagonal: number) => void, vector = this.#diagonal!.value): void {
    const bytes = 4 * this.blockWidth;
    for (let at = 0; at < 4 * this.width; at += bytes) visit(at, vector.ptr + at);
  }

  /** Address of the weights that count. */
  #applyMask(stored: number, { mask, polarities, factor, effective }: MaskedWeights): number {
    const k = this.#plan.kernels;
    if (polarities) k.signFactors(factor.ptr, stored, mask.ptr, polarities.ptr, mask.length);
    k.maskInto(effective.ptr, stored, factor.ptr, factor.length);
    return effective.ptr;
  }

  #declare(): void {
    const { numInputs, numRecurrent, size, blocks, stacked } = this.#options;
    if (stacked) {
      this.#declareStacked(stacked);
      return;
    }
    blocks.forEach(({ name }, index) => {
      const column = index * this.blockWidth;
      this.#block.declare({
        name: `${name}.weight`,
        shape: [size, numInputs + numRecurrent],
        offset: this.#weight + column,
        strides: [1, this.width],
      });
      this.#block.declare({ name: `${name}.bias`, shape: [size], offset: this.#bias! + column, strides: [1] });
    });
  }

  #declareStacked({ weight, bias }: StackedNames): void {
    const { numInputs, size, blocks } = this.#options;
    const count = blocks.length;
    this.#block.declare({
      name: weight,
      shape: [count * size, numInputs],
      dims: [count, size, numInputs],
      offset: this.#weight,
      strides: [this.blockWidth, 1, this.width],
    });
    if (bias === null || this.#bias === null) return;
    this.#block.declare({
      name: bias,
      shape: [count * size],
      dims: [count, size],
      offset: this.#bias,
      strides: [this.blockWidth, 1],
    });
  }

  #planMask(): MaskedWeights | null {
    const { name, numInputs, numRecurrent, blocks } = this.#options;
    const isSigned = blocks.some(({ polarities }) => polarities !== null);
    if (!isSigned && blocks.every(({ mask }) => mask === null)) return null;
    const tensor = (what: string): Tensor => this.#plan.tensor(`${name} ${what}`, numInputs + numRecurrent, this.width);
    const mask = tensor("mask");
    const polarities = isSigned ? tensor("polarities") : null;
    this.#plan.onBind(() => {
      this.#write(mask, (block) => block.mask, 1);
      if (polarities) this.#write(polarities, (block) => block.polarities, 0);
    });
    const factor = isSigned ? tensor("factor") : mask;
    return { mask, polarities, factor, effective: tensor("effective"), gradient: tensor("effective gradient") };
  }

  /** Brings matrices in torch layout to where the weights lie; blocks without one get `missing`. */
  #write(to: Tensor, pick: (block: StageBlock) => Float32Array | null, missing: number): void {
    const { numInputs, numRecurrent, size, blocks } = this.#options;
    const fanIn = numInputs + numRecurrent;
    blocks.forEach((block, index) => {
      const from = pick(block);
      for (let row = 0; row < size; row++)
        for (let i = 0; i < fanIn; i++)
          to.data[i * this.width + index * this.blockWidth + row] = from === null ? missing : from[row * fanIn + i]!;
    });
  }
}
