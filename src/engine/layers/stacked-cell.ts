import { activationKinds } from "../activation-kind.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type ByteTensor, type DifferentiableSignal, type Signal, type Tensor } from "../tensor.ts";
import { checkSequence } from "./check-size.ts";
import {
  KeptGradients,
  anyPadded,
  blankPadding,
  copyRow,
  repeatOutputs,
  repeatOutputsBackward,
} from "./step-padding.ts";
import { setUniform } from "./initialize.ts";
import type { RecurrentLayer, Uniform } from "./layer.ts";
import { LinearStage } from "./linear-stage.ts";

/** What LSTM and GRU have in common. */
export interface StackedCellOptions {
  readonly name: string;
  readonly input: Signal;
  readonly units: number;
  readonly maxBatch: number;
  /** whether steps may be padding, default false */
  readonly hasPadding?: boolean | undefined;
}

/**
 * Frame of the baseline cells: gates from input and from the state before, each with weight and bias stacked as in PyTorch; sequences, resets, state.
 *
 * The state is `parts` vectors of `units` side by side, the hidden vector first.
 */
export abstract class StackedCell implements RecurrentLayer {
  readonly input: Signal;
  readonly output: DifferentiableSignal;
  readonly stateSize: number;
  readonly maxRows: number;
  readonly maxBatch: number;
  readonly elapsed: Tensor;
  readonly episodeStart: ByteTensor;
  readonly padding: ByteTensor | null;
  readonly initialState: Tensor;
  readonly finalState: Tensor;
  readonly initialMemory = null;
  readonly finalMemory = null;
  readonly states: Tensor;
  readonly dInitialState: Tensor;
  readonly dFinalState: Tensor;
  readonly dElapsed: Tensor;
  protected readonly plan: MemoryPlan;
  /** [maxBatch, units] gradient of h between two steps */
  protected readonly dHidden: Tensor;
  /** [rows, units] h after each step; the output itself, unless padded steps repeat another one */
  protected readonly hidden: DifferentiableSignal;
  readonly #kept: KeptGradients | null;
  readonly #block: ParameterBlock;
  readonly #options: StackedCellOptions;
  readonly #numGates: number;
  readonly #inputStage: LinearStage;
  readonly #recurrentStage: LinearStage;
  readonly #inputGates: Tensor;
  readonly #recurrentGates: Tensor;
  readonly #previous: Tensor;
  /** [maxBatch, units] each part of the initial state */
  readonly #initialParts: readonly Tensor[];

  constructor(plan: MemoryPlan, block: ParameterBlock, options: StackedCellOptions, numGates: number, parts: number) {
    const { name, input, units, maxBatch, hasPadding = false } = options;
    const rows = input.value.rows;
    this.plan = plan;
    this.#block = block;
    this.#options = options;
    this.#numGates = numGates;
    this.input = input;
    this.stateSize = parts * units;
    this.maxRows = rows;
    this.maxBatch = maxBatch;
    const blocks = Array.from({ length: numGates }, (_, i) => ({ name: `${i}`, mask: null, polarities: null }));
    const stage = (side: "ih" | "hh", numInputs: number, hasInputGradient: boolean): LinearStage =>
      new LinearStage(plan, block, {
        name: `${name} ${side}`,
        numInputs,
        numRecurrent: 0,
        size: units,
        blocks,
        stacked: { weight: `${name}.weight_${side}_l0`, bias: `${name}.bias_${side}_l0` },
        hasInputGradient,
      });
    this.#inputStage = stage("ih", input.value.cols, input.gradient !== null);
    this.#recurrentStage = stage("hh", units, true);
    this.#inputGates = plan.tensor(`${name} input gates`, rows, numGates * padded(units));
    this.#recurrentGates = plan.tensor(`${name} recurrent gates`, rows, numGates * padded(units));
    this.#previous = plan.tensor(`${name} previous`, rows, units);
    this.output = plan.signal(`${name} output`, rows, units);
    this.hidden = hasPadding ? plan.signal(`${name} hidden`, rows, units) : this.output;
    this.padding = hasPadding ? plan.bytes(`${name} padding`, rows) : null;
    const kept = (i: number): Tensor => plan.tensor(`${name} kept ${i}`, maxBatch, units);
    this.#kept = hasPadding ? new KeptGradients(Array.from({ length: parts }, (_, i) => kept(i))) : null;
    this.dHidden = plan.tensor(`${name} d hidden`, maxBatch, units);
    this.#initialParts = Array.from({ length: parts }, (_, i) => plan.tensor(`${name} initial ${i}`, maxBatch, units));
    const perSample = (what: string): Tensor => plan.tensor(`${name} ${what}`, maxBatch, parts * units);
    this.elapsed = plan.tensor(`${name} elapsed`, 1, rows);
    this.dElapsed = plan.tensor(`${name} d elapsed`, 1, rows);
    this.episodeStart = plan.bytes(`${name} episode start`, rows);
    this.initialState = perSample("initial state");
    this.finalState = perSample("final state");
    this.dInitialState = perSample("d initial state");
    this.dFinalState = perSample("d final state");
    this.states = plan.tensor(`${name} states`, rows, parts * units);
    plan.onBind(() => this.elapsed.data.fill(1));
  }

  /** After the gates of row's samples are filled: writes hiddenRow(row) and whatever state is left. `start`: flags of these samples. */
  protected abstract stepForward(row: number, B: number, start: number): void;
  /** Turns both parts of the gates into their gradients. dHidden + dHiddenRow is the gradient of h. */
  protected abstract stepBackward(row: number, B: number): void;
  /** Whether stepBackward leaves a direct part of the gradient of the hidden state before in dHidden. */
  protected abstract get isStateAdded(): boolean;
  /** [rows, units] each part of the state after every step */
  protected abstract get stateParts(): readonly Tensor[];
  /** [rows, units] each part of the state before every step */
  protected abstract get previousParts(): readonly Tensor[];
  /** [maxBatch, units] gradient of each part of the state between two steps */
  protected abstract get dParts(): readonly Tensor[];
  protected abstract beginBackward(): void;
  protected abstract finishForward(lastRow: number): void;
  protected abstract finishBackward(): void;

  /** U(±1/sqrt(units)), as PyTorch. */
  initialize(uniform: Uniform): void {
    const { name, units, input } = this.#options;
    const bound = 1 / Math.sqrt(units);
    const n = this.#numGates * units;
    setUniform(this.#block, `${name}.weight_ih_l0`, n * input.value.cols, bound, uniform);
    setUniform(this.#block, `${name}.weight_hh_l0`, n * units, bound, uniform);
    setUniform(this.#block, `${name}.bias_ih_l0`, n, bound, uniform);
    setUniform(this.#block, `${name}.bias_hh_l0`, n, bound, uniform);
  }

  prepare(): void {
    this.#inputStage.prepare();
    this.#recurrentStage.prepare();
  }

  forward(T: number, B: number): void {
    checkSequence(this.#options.name, T, B, this.maxRows, this.maxBatch);
    if (T * B === 0) {
      this.finalState.data.set(this.initialState.data);
      return;
    }
    const k = this.plan.kernels;
    const x = this.input.value;
    const Hp = this.#previous.stride;
    const padding = this.#paddingOf(T * B);
    if (padding) blankPadding(padding, x, this.elapsed, T * B);
    this.#initialParts.forEach((part, i) => this.#copyPart(this.initialState, i, part.ptr, B, "out"));
    this.#inputStage.projectInput(x.ptr, x.stride, this.#inputGates.ptr, T * B);
    for (let t = 0; t < T; t++) {
      const row = t * B;
      const start = this.episodeStart.ptr + row;
      const before = t === 0 ? this.initialPart(0) : this.hiddenRow(row - B);
      k.copyUnlessStart(this.previousRow(row), before, start, B, Hp);
      this.#recurrentStage.projectInput(this.previousRow(row), Hp, this.recurrentGates(row), B);
      this.stepForward(row, B, start);
      if (padding) this.#keepState(padding, row, B);
    }
    if (this.padding) this.#writeOutput(padding, T, B);
    this.#batch = B;
    this.giveFinal(0, this.hiddenRow((T - 1) * B));
    this.finishForward((T - 1) * B);
  }

  backward(T: number, B: number): void {
    checkSequence(this.#options.name, T, B, this.maxRows, this.maxBatch);
    const k = this.plan.kernels;
    const { value: x, gradient: dx } = this.input;
    const Hp = this.#previous.stride;
    const padding = this.#paddingOf(T * B);
    this.#batch = B;
    this.dElapsed.data.fill(0);
    if (this.padding) this.#readOutputGradient(padding, T, B);
    this.takeFinalGradient(0, this.dHidden.ptr);
    this.beginBackward();
    for (let t = T - 1; t >= 0; t--) {
      const row = t * B;
      const start = this.episodeStart.ptr + row;
      if (padding) this.#kept!.take(padding, this.dParts, row, B);
      this.stepBackward(row, B);
      this.#recurrentStage.inputGradient(this.recurrentGates(row), this.dHidden.ptr, Hp, B, this.isStateAdded);
      if (padding) this.#kept!.giveBack(padding, this.dParts, row, B);
      for (const { ptr } of this.dParts) k.zeroWhereStart(ptr, start, B, Hp);
    }
    const rows = T * B;
    this.#inputStage.addWeightGradients(x.ptr, x.stride, 0, this.#inputGates.ptr, rows);
    this.#recurrentStage.addWeightGradients(this.#previous.ptr, Hp, 0, this.#recurrentGates.ptr, rows);
    if (dx) this.#inputStage.inputGradient(this.#inputGates.ptr, dx.ptr, dx.stride, rows);
    this.giveInitialGradient(0, this.dHidden.ptr);
    this.finishBackward();
    this.dFinalState.data.fill(0);
  }

  gatherStates(T: number, B: number): void {
    const { units } = this.#options;
    const to = this.states;
    this.stateParts.forEach((part, i) => {
      this.plan.kernels.placeFloats(part.ptr, part.stride, to.ptr + 4 * i * units, to.stride, T * B, units, 1, 0);
    });
  }

  step(N: number): void {
    this.forward(1, N);
    const { finalState: from, initialState: to } = this;
    this.plan.kernels.activate(from.ptr, to.ptr, N * to.stride, activationKinds.identity);
  }

  #batch = 0;

  #paddingOf(rows: number): ByteTensor | null {
    return this.padding && anyPadded(this.padding, rows) ? this.padding : null;
  }

  /** The state of padded samples stays as it was before the step. */
  #keepState({ data }: ByteTensor, row: number, B: number): void {
    const before = this.previousParts;
    this.stateParts.forEach((part, i) => {
      for (let at = row; at < row + B; at++) if (data[at] !== 0) copyRow(part, at, before[i]!, at);
    });
  }

  #writeOutput(padding: ByteTensor | null, T: number, B: number): void {
    const [from, to] = [this.hidden.value, this.output.value];
    this.plan.kernels.activate(from.ptr, to.ptr, T * B * to.stride, activationKinds.identity);
    for (let t = 0; padding && t < T; t++) repeatOutputs(padding, to, t * B, B);
  }

  #readOutputGradient(padding: ByteTensor | null, T: number, B: number): void {
    const [from, to] = [this.output.gradient, this.hidden.gradient];
    for (let t = T - 1; padding && t >= 0; t--) repeatOutputsBackward(padding, from, t * B, B);
    this.plan.kernels.activate(from.ptr, to.ptr, T * B * to.stride, activationKinds.identity);
  }

  protected inputGates(row: number): number {
    return at(this.#inputGates, row);
  }

  protected recurrentGates(row: number): number {
    return at(this.#recurrentGates, row);
  }

  protected get previous(): Tensor {
    return this.#previous;
  }

  protected previousRow(row: number): number {
    return at(this.#previous, row);
  }

  protected hiddenRow(row: number): number {
    return at(this.hidden.value, row);
  }

  protected dHiddenRow(row: number): number {
    return at(this.hidden.gradient, row);
  }

  protected initialPart(part: number): number {
    return this.#initialParts[part]!.ptr;
  }

  /** Part of the final state from rows of units. */
  protected giveFinal(part: number, from: number): void {
    this.#copyPart(this.finalState, part, from, this.#batch, "in");
  }

  protected takeFinalGradient(part: number, to: number): void {
    this.#copyPart(this.dFinalState, part, to, this.#batch, "out");
  }

  protected giveInitialGradient(part: number, from: number): void {
    this.#copyPart(this.dInitialState, part, from, this.#batch, "in");
  }

  /** Columns of a part of [B, parts * units] rows from or to rows of units of their own. */
  #copyPart(whole: Tensor, part: number, own: number, B: number, direction: "in" | "out"): void {
    const k = this.plan.kernels;
    const { units } = this.#options;
    const place = whole.ptr + 4 * part * units;
    const Hp = padded(units);
    if (direction === "in") k.placeFloats(own, Hp, place, whole.stride, B, units, 1, 0);
    else k.placeFloats(place, whole.stride, own, Hp, B, units, 1, 0);
  }
}

const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;
