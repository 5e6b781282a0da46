import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type Signal, type Tensor } from "../tensor.ts";
import { StackedCell, type StackedCellOptions } from "./stacked-cell.ts";

/** What an LSTM is made of. */
export interface LstmOptions extends StackedCellOptions {
  /** parameters are `${name}.{weight,bias}_{ih,hh}_l0`, as torch.nn.LSTM's */
  readonly name: string;
  readonly input: Signal;
  readonly units: number;
  readonly maxBatch: number;
}

/**
 * Long short-term memory as torch.nn.LSTM (one layer), the usual baseline. The state is [h | c], so `stateSize` is 2 units; output is h.
 *
 * c = c sigmoid(f) + tanh(g) sigmoid(i); h = tanh(c) sigmoid(o). Elapsed time is not used.
 */
export class Lstm extends StackedCell {
  readonly #units: number;
  readonly #cell: Tensor;
  readonly #previousCell: Tensor;
  readonly #dCell: Tensor;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: LstmOptions) {
    super(plan, block, options, 4, 2);
    const { name, input, units, maxBatch } = options;
    const rows = input.value.rows;
    this.#units = units;
    this.#cell = plan.tensor(`${name} cell`, rows, units);
    this.#previousCell = plan.tensor(`${name} previous cell`, rows, units);
    this.#dCell = plan.tensor(`${name} d cell`, maxBatch, units);
  }

  protected stepForward(row: number, B: number, start: number): void {
    const k = this.plan.kernels;
    const Hp = padded(this.#units);
    const before = row === 0 ? this.initialPart(1) : this.#cell.ptr + 4 * (row - B) * Hp;
    const [previous, cell] = [this.#previousCell.ptr + 4 * row * Hp, this.#cell.ptr + 4 * row * Hp];
    k.copyUnlessStart(previous, before, start, B, Hp);
    const gates = this.inputGates(row);
    k.addScaled(gates, this.recurrentGates(row), B * 4 * Hp, 1);
    k.lstmForward(gates, previous, cell, this.hiddenRow(row), B, Hp, 0, 1);
  }

  protected stepBackward(row: number, B: number): void {
    const k = this.plan.kernels;
    const Hp = padded(this.#units);
    const gates = this.inputGates(row);
    const [previous, cell] = [this.#previousCell.ptr + 4 * row * Hp, this.#cell.ptr + 4 * row * Hp];
    k.addScaled(this.dHidden.ptr, this.dHiddenRow(row), B * Hp, 1);
    k.lstmBackward(gates, previous, cell, this.dHidden.ptr, this.#dCell.ptr, B, Hp, 1);
    k.activate(gates, this.recurrentGates(row), B * 4 * Hp, 0); // both parts have the same gradient
  }

  protected get isStateAdded(): boolean {
    return false;
  }

  protected get stateParts(): readonly Tensor[] {
    return [this.hidden.value, this.#cell];
  }

  protected get previousParts(): readonly Tensor[] {
    return [this.previous, this.#previousCell];
  }

  protected get dParts(): readonly Tensor[] {
    return [this.dHidden, this.#dCell];
  }

  protected beginBackward(): void {
    this.takeFinalGradient(1, this.#dCell.ptr);
  }

  protected finishForward(lastRow: number): void {
    this.giveFinal(1, this.#cell.ptr + 4 * lastRow * padded(this.#units));
  }

  protected finishBackward(): void {
    this.giveInitialGradient(1, this.#dCell.ptr);
  }
}
