import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type Signal, type Tensor } from "../tensor.ts";
import { StackedCell, type StackedCellOptions } from "./stacked-cell.ts";

/** What a GRU is made of. */
export interface GruOptions extends StackedCellOptions {
  /** parameters are `${name}.{weight,bias}_{ih,hh}_l0`, as torch.nn.GRU's */
  readonly name: string;
  readonly input: Signal;
  readonly units: number;
  readonly maxBatch: number;
}

/**
 * Gated recurrent unit as torch.nn.GRU (one layer), a baseline. Elapsed time is not used.
 *
 * r, z = sigmoid(input + recurrent part); n = tanh(input part + r recurrent part); h = n + z (h - n).
 */
export class Gru extends StackedCell {
  readonly #units: number;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: GruOptions) {
    super(plan, block, options, 3, 1);
    this.#units = options.units;
  }

  protected stepForward(row: number, B: number): void {
    const Hp = padded(this.#units);
    this.plan.kernels.gruForward(
      this.inputGates(row),
      this.recurrentGates(row),
      this.previousRow(row),
      this.hiddenRow(row),
      B,
      Hp,
    );
  }

  protected stepBackward(row: number, B: number): void {
    const Hp = padded(this.#units);
    this.plan.kernels.gruBackward(
      this.inputGates(row),
      this.recurrentGates(row),
      this.previousRow(row),
      this.dHiddenRow(row),
      this.dHidden.ptr,
      B,
      Hp,
    );
  }

  /** The gradient of h also goes straight back through z h. */
  protected get isStateAdded(): boolean {
    return true;
  }

  protected get stateParts(): readonly Tensor[] {
    return [this.hidden.value];
  }

  protected get previousParts(): readonly Tensor[] {
    return [this.previous];
  }

  protected get dParts(): readonly Tensor[] {
    return [this.dHidden];
  }

  protected beginBackward(): void {
    // h is the whole state
  }

  protected finishForward(): void {
    // h is the whole state
  }

  protected finishBackward(): void {
    // h is the whole state
  }
}
