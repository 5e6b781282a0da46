import { packedLength, transposedScratchBytes } from "../kernels/kernels.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type IntTensor, type Signal, type Tensor } from "../tensor.ts";
import type { LayerMasks } from "./circuit-masks.ts";
import { setUniform, xavierBound } from "./initialize.ts";
import type { Uniform } from "./layer.ts";

/** The four heads of a gated CfC, in the order their blocks lie side by side. */
export const gatedHeads = ["ff1", "ff2", "time_a", "time_b"] as const;

/** What the caller shares between the layers of a circuit. */
export interface GatedLayerOptions {
  /** parameters are `${name}.{ff1,ff2,time_a,time_b}.{weight,bias}` */
  readonly name: string;
  readonly input: Signal;
  readonly masks: LayerMasks;
  readonly maxBatch: number;
  readonly flags: number;
}

/** Addresses and sizes that every layer of a circuit sees alike during one pass. */
export interface SequencePass {
  readonly T: number;
  readonly B: number;
  readonly elapsed: number;
  readonly dElapsed: number;
  readonly episodeStart: number;
}

/**
 * One layer of a wired CfC without backbone: H neurons over a sequence.
 *
 * Memory: weights [inputs + H, 4 Hp] with columns ff1 | ff2 | time_a | time_b, each block padded to Hp; rows are inputs, then own state.
 * `effective` is the masked copy, made once per weight change and packed for the products of forward and backward.
 */
export class GatedLayer {
  readonly states: DifferentiableSignal;
  readonly ids: IntTensor;
  /** [maxBatch, H] state before the sequence, in layer order */
  readonly initial: Tensor;
  /** [maxBatch, H] gradient of the final state in, of the initial state out */
  readonly dState: Tensor;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: GatedLayerOptions;
  readonly #numInputs: number;
  readonly #size: number;
  readonly #width: number;
  readonly #weight: number;
  readonly #bias: number;
  readonly #mask: Tensor;
  readonly #effective: Tensor;
  readonly #packedInput: Tensor;
  readonly #packedInputT: Tensor | null;
  readonly #packedRecurrent: Tensor;
  readonly #packedRecurrentT: Tensor;
  readonly #gates: Tensor;
  readonly #previous: Tensor;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: GatedLayerOptions) {
    const { name, input, masks, maxBatch } = options;
    const rows = input.value.rows;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.#numInputs = masks.numInputs;
    this.#size = masks.ids.length;
    this.#width = 4 * padded(this.#size);
    const numRows = this.#numInputs + this.#size;
    this.#weight = block.reserve(numRows * this.#width);
    this.#bias = block.reserve(this.#width);
    this.#declare();
    this.#mask = plan.tensor(`${name} mask`, numRows, this.#width);
    this.#effective = plan.tensor(`${name} effective`, numRows, this.#width);
    this.#packedInput = plan.tensor(`${name} packed input`, 1, packedLength(this.#numInputs, this.#width));
    this.#packedInputT =
      input.gradient === null
        ? null
        : plan.tensor(`${name} packed input T`, 1, packedLength(this.#width, this.#numInputs));
    this.#packedRecurrent = plan.tensor(`${name} packed recurrent`, 1, packedLength(this.#size, this.#width));
    this.#packedRecurrentT = plan.tensor(`${name} packed recurrent T`, 1, packedLength(this.#width, this.#size));
    this.#gates = plan.tensor(`${name} gates`, rows, this.#width);
    this.#previous = plan.tensor(`${name} previous`, rows, this.#size);
    this.states = plan.signal(`${name} states`, rows, this.#size);
    this.initial = plan.tensor(`${name} initial`, maxBatch, this.#size);
    this.dState = plan.tensor(`${name} d state`, maxBatch, this.#size);
    this.ids = plan.ints(`${name} ids`, this.#size);
    plan.needScratch(transposedScratchBytes);
    plan.onBind(() => this.#writeConstants());
  }

  initialize(uniform: Uniform): void {
    const fanIn = this.#numInputs + this.#size;
    for (const head of gatedHeads) {
      const name = `${this.#options.name}.${head}`;
      setUniform(this.#block, `${name}.weight`, this.#size * fanIn, xavierBound(fanIn, this.#size), uniform);
      setUniform(this.#block, `${name}.bias`, this.#size, 1 / Math.sqrt(fanIn), uniform);
    }
  }

  prepare(): void {
    const k = this.#plan.kernels;
    const width = this.#width;
    const recurrent = this.#effective.ptr + 4 * this.#numInputs * width;
    k.maskInto(this.#effective.ptr, this.#block.valuePtr(this.#weight), this.#mask.ptr, this.#mask.length);
    k.packColumns(this.#effective.ptr, width, this.#numInputs, width, this.#packedInput.ptr);
    k.packColumns(recurrent, width, this.#size, width, this.#packedRecurrent.ptr);
    k.packRows(recurrent, width, width, this.#size, this.#packedRecurrentT.ptr);
    if (this.#packedInputT) k.packRows(this.#effective.ptr, width, width, this.#numInputs, this.#packedInputT.ptr);
  }

  /** Reads input.value and initial, writes states.value. */
  forward({ T, B, elapsed, episodeStart }: SequencePass): void {
    const k = this.#plan.kernels;
    const x = this.#options.input.value;
    const bias = this.#block.valuePtr(this.#bias);
    const gates = this.#gates.ptr;
    const width = this.#width;
    k.gemm(x.ptr, x.stride, this.#packedInput.ptr, gates, width, T * B, width, this.#numInputs, 2, bias);
    k.cfcForward(
      gates,
      this.states.value.ptr,
      this.#previous.ptr,
      this.initial.ptr,
      this.#packedRecurrent.ptr,
      elapsed,
      episodeStart,
      T,
      B,
      this.#size,
      this.#options.flags,
    );
  }

  /** Reads states.gradient and dState; adds to parameter gradients and dElapsed; writes dState and input.gradient. */
  backward({ T, B, elapsed, dElapsed, episodeStart }: SequencePass): void {
    const k = this.#plan.kernels;
    const gates = this.#gates.ptr;
    const width = this.#width;
    k.cfcBackward(
      gates,
      this.states.gradient.ptr,
      this.dState.ptr,
      this.#packedRecurrentT.ptr,
      elapsed,
      dElapsed,
      episodeStart,
      T,
      B,
      this.#size,
      this.#options.flags,
    );
    this.#addWeightGradients(T * B);
    const dx = this.#options.input.gradient;
    if (dx && this.#packedInputT)
      k.gemm(gates, width, this.#packedInputT.ptr, dx.ptr, dx.stride, T * B, dx.stride, width, 0, 0);
  }

  #addWeightGradients(rows: number): void {
    const k = this.#plan.kernels;
    const x = this.#options.input.value;
    const width = this.#width;
    const dW = this.#block.gradientPtr(this.#weight);
    const dRecurrent = dW + 4 * this.#numInputs * width;
    const scratch = this.#plan.scratchPtr;
    const previous = this.#previous;
    const gates = this.#gates.ptr;
    k.gemmTransposed(x.ptr, x.stride, gates, width, dW, width, this.#numInputs, width, rows, scratch);
    k.gemmTransposed(previous.ptr, previous.stride, gates, width, dRecurrent, width, this.#size, width, rows, scratch);
    k.addColumnSums(gates, width, rows, width, this.#block.gradientPtr(this.#bias));
    k.multiply(dW, this.#mask.ptr, this.#mask.length);
  }

  #declare(): void {
    const shape = [this.#size, this.#numInputs + this.#size];
    gatedHeads.forEach((head, index) => {
      const column = (index * this.#width) / 4;
      const name = `${this.#options.name}.${head}`;
      this.#block.declare({
        name: `${name}.weight`,
        shape,
        offset: this.#weight + column,
        strides: [1, this.#width],
      });
      this.#block.declare({ name: `${name}.bias`, shape: [this.#size], offset: this.#bias + column, strides: [1] });
    });
  }

  #writeConstants(): void {
    const { masks } = this.#options;
    this.ids.data.set(masks.ids);
    const fanIn = this.#numInputs + this.#size;
    for (let head = 0; head < gatedHeads.length; head++) {
      const mask = head < 2 ? masks.heads : masks.timeGates;
      for (let row = 0; row < this.#size; row++)
        for (let i = 0; i < fanIn; i++)
          this.#mask.data[i * this.#width + (head * this.#width) / 4 + row] = mask[row * fanIn + i]!;
    }
  }
}
