import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type Signal, type Tensor } from "../tensor.ts";
import { orthogonal, setUniform, xavierBound } from "./initialize.ts";
import type { Uniform } from "./layer.ts";
import { LinearStage } from "./linear-stage.ts";
import { copyRow } from "./step-padding.ts";

/** What the memory is made of. */
export interface MixedMemoryOptions {
  /** parameters are `${name}.input_map.{weight,bias}` and `${name}.recurrent_map.weight`; the reference's name is `lstm` */
  readonly name: string;
  readonly input: Signal;
  /** neurons of the circuit it sits in */
  readonly size: number;
  readonly maxBatch: number;
}

const blocks = ["g", "i", "f", "o"].map((name) => ({ name, mask: null, polarities: null }));
/** added to the forget gate at run time, as in the reference */
const FORGET_BIAS = 1;

/**
 * The LSTM of a mixed-memory circuit: one step before every step of the circuit.
 *
 * c = c sigmoid(f + 1) + tanh(g) sigmoid(i); h = tanh(c) sigmoid(o), from the input and the circuit's state before the step. Rows as in the circuit.
 */
export class MixedMemory {
  /** [rows, size] output of each step; the gradient is used where the circuit reads it as its input */
  readonly hidden: DifferentiableSignal;
  /** [rows, size] circuit's state each step started from */
  readonly previous: Tensor;
  /** [maxBatch, size] cell state before the sequence, and gradients: of the final one in, of the initial one out */
  readonly initial: Tensor;
  readonly dCell: Tensor;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: MixedMemoryOptions;
  readonly #inputStage: LinearStage;
  readonly #recurrentStage: LinearStage;
  readonly #gates: Tensor;
  readonly #previousCell: Tensor;
  readonly #cell: Tensor;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: MixedMemoryOptions) {
    const { name, input, size, maxBatch } = options;
    const rows = input.value.rows;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.#inputStage = new LinearStage(plan, block, {
      name: `${name} input`,
      numInputs: input.value.cols,
      numRecurrent: 0,
      size,
      blocks,
      stacked: { weight: `${name}.input_map.weight`, bias: `${name}.input_map.bias` },
      hasInputGradient: input.gradient !== null,
    });
    this.#recurrentStage = new LinearStage(plan, block, {
      name: `${name} recurrent`,
      numInputs: size,
      numRecurrent: 0,
      size,
      blocks,
      stacked: { weight: `${name}.recurrent_map.weight`, bias: null },
      hasInputGradient: true,
    });
    this.hidden = plan.signal(`${name} hidden`, rows, size);
    this.previous = plan.tensor(`${name} previous`, rows, size);
    this.initial = plan.tensor(`${name} initial cell`, maxBatch, size);
    this.dCell = plan.tensor(`${name} d cell`, maxBatch, size);
    this.#gates = plan.tensor(`${name} gates`, rows, 4 * padded(size));
    this.#previousCell = plan.tensor(`${name} previous cell`, rows, size);
    this.#cell = plan.tensor(`${name} cell`, rows, size);
  }

  /** Weights Xavier and orthogonal, bias U(±0.1), as the reference. */
  initialize(uniform: Uniform): void {
    const { name, input, size } = this.#options;
    const D = input.value.cols;
    setUniform(this.#block, `${name}.input_map.weight`, 4 * size * D, xavierBound(D, 4 * size), uniform);
    setUniform(this.#block, `${name}.input_map.bias`, 4 * size, 0.1, uniform);
    this.#block.set(`${name}.recurrent_map.weight`, orthogonal(4 * size, size, 1, uniform));
  }

  prepare(): void {
    this.#inputStage.prepare();
    this.#recurrentStage.prepare();
  }

  /** Input part of all steps at once. */
  projectInputs(rows: number): void {
    const x = this.#options.input.value;
    this.#inputStage.projectInput(x.ptr, x.stride, this.#gates.ptr, rows);
  }

  /** Step of rows [row, row + B): `previous` is filled, the cell state comes from `initial` (row 0) or the rows before. */
  stepForward(row: number, B: number, episodeStart: number): void {
    const k = this.#plan.kernels;
    const { previous, hidden } = this;
    const Hp = previous.stride;
    const gates = at(this.#gates, row);
    const before = row === 0 ? this.initial.ptr : at(this.#cell, row - B);
    k.copyUnlessStart(at(this.#previousCell, row), before, episodeStart, B, Hp);
    this.#recurrentStage.projectInput(at(previous, row), Hp, gates, B, true);
    k.lstmForward(
      gates,
      at(this.#previousCell, row),
      at(this.#cell, row),
      at(hidden.value, row),
      B,
      Hp,
      FORGET_BIAS,
      0,
    );
  }

  /** dHidden [B, size]: gradient of the step's output. Moves `dCell` a step back; dPrevious [B, size] <- (isAdded: +=) gradient of `previous`. */
  stepBackward(row: number, B: number, dHidden: number, dPrevious: number, isAdded: boolean): void {
    const gates = at(this.#gates, row);
    const [previousCell, cell] = [at(this.#previousCell, row), at(this.#cell, row)];
    this.#plan.kernels.lstmBackward(gates, previousCell, cell, dHidden, this.dCell.ptr, B, this.dCell.stride, 0);
    this.#recurrentStage.inputGradient(gates, dPrevious, this.dCell.stride, B, isAdded);
  }

  /** After all steps: weight gradients; input gradient written, or added to what is there. */
  finishBackward(rows: number, isAdded: boolean): void {
    const { value: x, gradient: dx } = this.#options.input;
    const gates = this.#gates.ptr;
    this.#inputStage.addWeightGradients(x.ptr, x.stride, 0, gates, rows);
    this.#recurrentStage.addWeightGradients(this.previous.ptr, this.previous.stride, 0, gates, rows);
    if (dx) this.#inputStage.inputGradient(gates, dx.ptr, dx.stride, rows, isAdded);
  }

  /** The cell state of a row stays as it was before the step: the step was padding. */
  keep(row: number): void {
    copyRow(this.#cell, row, this.#previousCell, row);
  }

  /** Address of the cell state after the step of these rows. */
  cellAt(row: number): number {
    return at(this.#cell, row);
  }
}

const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;
