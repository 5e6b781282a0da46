import { activationKinds, savesInput, type Activation } from "../activation-kind.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type Signal, type Tensor } from "../tensor.ts";
import { BackboneDropout } from "./backbone-dropout.ts";
import { gateFlags, headsOf, type CfcMode, type Flavour } from "./cfc-mode.ts";
import type { CircuitLayer, SequencePass } from "./circuit-layer.ts";
import { hasDiagonalRecurrence, type LayerMasks, type PolarityRule } from "./circuit-masks.ts";
import { setUniform, xavierBound } from "./initialize.ts";
import type { Uniform } from "./layer.ts";
import { LinearStage } from "./linear-stage.ts";

/** Dense layers between [input | state] and the heads. */
export interface Backbone {
  readonly units: number;
  /** at least 1; without a backbone give none */
  readonly layers: number;
  readonly activation: Activation;
  /** number of the i-th Linear in `${name}.backbone.${number}` */
  readonly parameterIndex: (i: number) => number;
  /** probability of dropout in training; 0: none */
  readonly dropout: number;
}

/** What a CfC layer is made of. */
export interface CfcLayerOptions {
  /** parameters are `${name}.{ff1,ff2,time_a,time_b}.*`, `${name}.backbone.*`, in pure mode `${name}.{w_tau,A}` */
  readonly name: string;
  readonly input: Signal;
  /** neurons */
  readonly size: number;
  readonly mode: CfcMode;
  readonly flavour: Flavour;
  /** of the heads; null: everything connected */
  readonly masks: LayerMasks | null;
  readonly polarity: PolarityRule;
  readonly backbone: Backbone | null;
  /** only the first neurons are read by what follows; default all */
  readonly numOutputs?: number;
  readonly maxBatch: number;
}

/** A stage behind the first one, with its rows. */
interface DeepStage {
  readonly stage: LinearStage;
  readonly z: Tensor;
  /** activation's output; null for the heads */
  readonly y: Tensor | null;
  /** factors of dropout, and what is left of y; null where nothing is ever dropped */
  readonly keep: Tensor | null;
  readonly dropped: Tensor | null;
}

/**
 * H neurons of a closed-form continuous-time layer over a sequence, with or without a backbone.
 *
 * Forward: 1. first stage of [input | state] (all steps' inputs as one product), 2. further stages, 3. heads to next state.
 * Without a backbone the first stage is the heads, and a gated mode runs as one fused kernel over all steps.
 */
export class CfcLayer implements CircuitLayer {
  readonly size: number;
  readonly states: DifferentiableSignal;
  readonly output: DifferentiableSignal;
  readonly initial: Tensor;
  readonly dState: Tensor;
  /** null without dropout */
  readonly dropout: BackboneDropout | null;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: CfcLayerOptions;
  readonly #flags: number;
  readonly #first: DeepStage;
  /** stages after the first, the heads last; empty without a backbone */
  readonly #deep: readonly DeepStage[];
  readonly #previous: Tensor;
  /** offsets of w_tau and A in pure mode */
  readonly #tau: number;
  readonly #amplitude: number;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: CfcLayerOptions) {
    const { name, input, size, mode, flavour, maxBatch } = options;
    const rows = input.value.rows;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.size = size;
    this.#flags = gateFlags(mode, flavour);
    this.dropout = makeDropout(plan, options);
    const stages = this.#makeStages();
    this.#first = stages[0]!; // there is at least one
    this.#deep = stages.slice(1);
    this.#previous = plan.tensor(`${name} previous`, rows, size);
    this.states = plan.signal(`${name} states`, rows, size);
    const { numOutputs = size } = options;
    this.output = numOutputs === size ? this.states : plan.signal(`${name} output`, rows, numOutputs);
    this.initial = plan.tensor(`${name} initial`, maxBatch, size);
    this.dState = plan.tensor(`${name} d state`, maxBatch, size);
    this.#tau = mode === "pure" ? this.#declareRow("w_tau") : 0;
    this.#amplitude = mode === "pure" ? this.#declareRow("A") : 0;
  }

  initialize(uniform: Uniform): void {
    for (const { stage } of [this.#first, ...this.#deep]) stage.initialize(uniform);
    if (this.#options.mode !== "pure") return;
    for (const row of ["w_tau", "A"])
      setUniform(this.#block, `${this.#options.name}.${row}`, this.size, xavierBound(this.size, 1), uniform);
  }

  prepare(): void {
    for (const { stage } of [this.#first, ...this.#deep]) stage.prepare();
  }

  forward(pass: SequencePass): void {
    const { T, B, firstRow } = pass;
    const x = this.#options.input.value;
    this.#first.stage.projectInput(at(x, firstRow), x.stride, at(this.#first.z, firstRow), T * B);
    if (this.#isFused) this.#fusedForward(pass);
    else for (let t = 0; t < T; t++) this.#stepForward(pass, t);
    this.#sliceOutput(firstRow, T * B);
  }

  backward(pass: SequencePass): void {
    const { T, B, firstRow } = pass;
    this.#spreadOutputGradient(firstRow, T * B);
    if (this.#isFused) this.#fusedBackward(pass);
    else for (let t = T - 1; t >= 0; t--) this.#stepBackward(pass, t);
    const dx = this.#options.input.gradient;
    if (dx) this.#first.stage.inputGradient(at(this.#first.z, firstRow), at(dx, firstRow), dx.stride, T * B);
  }

  addWeightGradients(rows: number): void {
    const x = this.#options.input.value;
    this.#first.stage.addWeightGradients(x.ptr, x.stride, this.#previous.ptr, this.#first.z.ptr, rows);
    let before = this.#first;
    for (const stage of this.#deep) {
      const x = this.#read(before);
      stage.stage.addWeightGradients(x.ptr, x.stride, 0, stage.z.ptr, rows);
      before = stage;
    }
  }

  #sliceOutput(row: number, rows: number): void {
    const { value: y } = this.output;
    const { value: states } = this.states;
    if (y === states) return;
    this.#plan.kernels.placeFloats(at(states, row), states.stride, at(y, row), y.stride, rows, y.cols, 1, 0);
  }

  #spreadOutputGradient(row: number, rows: number): void {
    const { gradient: dy } = this.output;
    const { gradient: dStates } = this.states;
    if (dy === dStates) return;
    const k = this.#plan.kernels;
    k.fill(at(dStates, row), rows * dStates.stride, 0);
    k.placeFloats(at(dy, row), dy.stride, at(dStates, row), dStates.stride, rows, dy.cols, 1, 0);
  }

  get #isFused(): boolean {
    return this.#deep.length === 0 && this.#options.mode !== "pure";
  }

  #fusedForward({ T, B, firstRow, elapsed, episodeStart }: SequencePass): void {
    const { kernels } = this.#plan;
    const { stage } = this.#first;
    const forward = stage.diagonal === null ? kernels.cfcForward : kernels.cfcDiagonalForward;
    forward(
      at(this.#first.z, firstRow),
      at(this.states.value, firstRow),
      at(this.#previous, firstRow),
      this.initial.ptr,
      stage.diagonal ?? stage.recurrent,
      elapsed.ptr + 4 * firstRow,
      episodeStart + firstRow,
      T,
      B,
      this.size,
      this.#flags,
    );
  }

  #fusedBackward({ T, B, firstRow, elapsed, dElapsed, episodeStart }: SequencePass): void {
    const { kernels } = this.#plan;
    const { stage } = this.#first;
    const backward = stage.diagonal === null ? kernels.cfcBackward : kernels.cfcDiagonalBackward;
    backward(
      at(this.#first.z, firstRow),
      at(this.states.gradient, firstRow),
      this.dState.ptr,
      stage.diagonal ?? stage.recurrentT,
      elapsed.ptr + 4 * firstRow,
      dElapsed.ptr + 4 * firstRow,
      episodeStart + firstRow,
      T,
      B,
      this.size,
      this.#flags,
    );
  }

  #stepForward({ B, firstRow, elapsed, episodeStart }: SequencePass, t: number): void {
    const k = this.#plan.kernels;
    const row = firstRow + t * B;
    const { value: states } = this.states;
    const previous = at(this.#previous, row);
    const from = t === 0 ? this.initial.ptr : at(states, row - B);
    k.copyUnlessStart(previous, from, episodeStart + row, B, states.stride);
    this.#first.stage.addRecurrent(previous, at(this.#first.z, row), B);
    let last = this.#first;
    for (const next of this.#deep) {
      this.#activate(last, row, B);
      const x = this.#read(last);
      next.stage.projectInput(at(x, row), x.stride, at(next.z, row), B);
      last = next;
    }
    const heads = at(last.z, row);
    const time = elapsed.ptr + 4 * row;
    if (this.#options.mode === "pure")
      k.pureForward(heads, at(states, row), time, this.#tauPtr, this.#amplitudePtr, B, states.stride);
    else k.gateForward(heads, at(states, row), time, B, states.stride, this.#flags);
  }

  #stepBackward({ B, firstRow, elapsed, dElapsed, episodeStart }: SequencePass, t: number): void {
    const row = firstRow + t * B;
    const heads = this.#deep.at(-1) ?? this.#first;
    this.#headsBackward(at(heads.z, row), row, B, elapsed.ptr + 4 * row, dElapsed.ptr + 4 * row);
    for (let i = this.#deep.length - 1; i >= 0; i--) {
      const before = i === 0 ? this.#first : this.#deep[i - 1]!;
      this.#deepBackward(this.#deep[i]!, before, row, B);
    }
    this.#first.stage.recurrentGradient(at(this.#first.z, row), this.dState.ptr, B);
    this.#plan.kernels.zeroWhereStart(this.dState.ptr, episodeStart + row, B, this.dState.stride);
  }

  #headsBackward(heads: number, row: number, B: number, time: number, dTime: number): void {
    const k = this.#plan.kernels;
    const dNext = at(this.states.gradient, row);
    const Hp = this.dState.stride;
    if (this.#options.mode !== "pure") {
      k.gateBackward(heads, dNext, this.dState.ptr, time, dTime, B, Hp, this.#flags);
      return;
    }
    const [dTau, dA] = [this.#block.gradientPtr(this.#tau), this.#block.gradientPtr(this.#amplitude)];
    k.pureBackward(heads, dNext, this.dState.ptr, time, dTime, this.#tauPtr, this.#amplitudePtr, dTau, dA, B, Hp);
  }

  /** z of the stage before holds, from here on, its gradient; activation outputs stay for the weight gradients. */
  #deepBackward(stage: DeepStage, before: DeepStage, row: number, B: number): void {
    const { activation } = this.#options.backbone!; // deep stages exist only with a backbone
    const k = this.#plan.kernels;
    const y = before.y!;
    const dz = at(before.z, row);
    const n = B * y.stride;
    const keep = this.dropout?.isActive && before.keep ? at(before.keep, row) : null;
    if (!savesInput(activation)) {
      stage.stage.inputGradient(at(stage.z, row), dz, y.stride, B);
      if (keep !== null) k.maskInto(dz, dz, keep, n);
      k.activateBackward(dz, at(y, row), n, activationKinds[activation]);
      return;
    }
    // the derivative needs z itself: the gradient is made beside it, then moved over it
    const { scratchPtr } = this.#plan;
    stage.stage.inputGradient(at(stage.z, row), scratchPtr, y.stride, B);
    if (keep !== null) k.maskInto(scratchPtr, scratchPtr, keep, n);
    k.activateBackward(scratchPtr, dz, n, activationKinds[activation]);
    k.activate(scratchPtr, dz, n, activationKinds.identity);
  }

  #activate({ z, y, keep, dropped }: DeepStage, row: number, B: number): void {
    const { activation } = this.#options.backbone!;
    const k = this.#plan.kernels;
    k.activate(at(z, row), at(y!, row), B * z.stride, activationKinds[activation]);
    if (this.dropout?.isActive && keep && dropped)
      k.maskInto(at(dropped, row), at(y!, row), at(keep, row), B * z.stride);
  }

  /** What the next stage reads of one that has an activation. */
  #read({ y, dropped }: DeepStage): Tensor {
    return this.dropout?.isActive && dropped ? dropped : y!;
  }

  get #tauPtr(): number {
    return this.#block.valuePtr(this.#tau);
  }

  get #amplitudePtr(): number {
    return this.#block.valuePtr(this.#amplitude);
  }

  #declareRow(name: string): number {
    const offset = this.#block.reserve(this.size);
    this.#block.declare({ name: `${this.#options.name}.${name}`, shape: [1, this.size], offset, strides: [0, 1] });
    return offset;
  }

  #makeStages(): readonly DeepStage[] {
    const { name, input, size, mode, masks, polarity, backbone, maxBatch } = this.#options;
    const plan = this.#plan;
    const rows = input.value.rows;
    const numRecurrent = size;
    const numInputs = input.value.cols;
    const heads = headsOf(mode).map((head, i) => ({
      name: `${name}.${head}`,
      mask: masks === null ? null : i < 2 ? masks.heads : masks.timeGates,
      polarities: masks !== null && polarity === "signed" && i < 2 ? masks.polarities : null,
    }));
    const make = (
      label: string,
      options: Omit<ConstructorParameters<typeof LinearStage>[2], "name">,
      hasActivation: boolean,
      keep: Tensor | null = null,
    ) => {
      const stage = new LinearStage(plan, this.#block, { name: `${name} ${label}`, ...options });
      const z = plan.tensor(`${name} ${label} z`, rows, stage.width);
      const y = hasActivation ? plan.tensor(`${name} ${label} y`, rows, stage.width) : null;
      return { stage, z, y, keep, dropped: keep && plan.tensor(`${name} ${label} dropped`, rows, stage.width) };
    };
    const hasInputGradient = input.gradient !== null;
    if (backbone === null) {
      const isRecurrenceDiagonal = mode !== "pure" && masks !== null && hasDiagonalRecurrence(masks, size);
      const inputs = { numInputs, numRecurrent, hasInputGradient, isRecurrenceDiagonal };
      return [make("heads", { ...inputs, size, blocks: heads }, false)];
    }
    plan.needScratch(4 * maxBatch * padded(backbone.units));
    const stages: DeepStage[] = [];
    for (let i = 0; i < backbone.layers; i++) {
      const blocks = [{ name: `${name}.backbone.${backbone.parameterIndex(i)}`, mask: null, polarities: null }];
      const inputs =
        i === 0
          ? { numInputs, numRecurrent, hasInputGradient }
          : { numInputs: backbone.units, numRecurrent: 0, hasInputGradient: true };
      stages.push(make(`backbone ${i}`, { ...inputs, size: backbone.units, blocks }, true, this.dropout?.behind(i)));
    }
    stages.push(
      make("heads", { numInputs: backbone.units, numRecurrent: 0, size, blocks: heads, hasInputGradient: true }, false),
    );
    return stages;
  }
}

/** The reference drops behind every layer of the backbone (keras), or behind all but the first (torch). */
function makeDropout(plan: MemoryPlan, { name, input, flavour, backbone }: CfcLayerOptions): BackboneDropout | null {
  if (backbone === null || backbone.dropout === 0) return null;
  const all = Array.from({ length: backbone.layers }, (_, i) => i);
  const layers = flavour === "keras" ? all : all.slice(1);
  const { dropout: rate, units } = backbone;
  return new BackboneDropout(plan, { name, rate, rows: input.value.rows, units, layers });
}

/** Address of a row. */
const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;
