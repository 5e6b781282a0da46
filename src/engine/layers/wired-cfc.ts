import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { ByteTensor, DifferentiableSignal, Signal, Tensor } from "../tensor.ts";
import { checkSequence } from "./check-size.ts";
import { circuitMasks, type CircuitShape, type Masking } from "./circuit-masks.ts";
import { GatedLayer, type SequencePass } from "./gated-layer.ts";
import type { RecurrentLayer, Uniform } from "./layer.ts";

/** What a wired CfC is made of. */
export interface WiredCfcOptions {
  /** parameters are `${name}.layer_{0,1,2}.{ff1,ff2,time_a,time_b}.{weight,bias}`; the reference's name is `rnn_cell` */
  readonly name: string;
  /** [maxRows, inputDim of the circuit] */
  readonly input: Signal;
  readonly circuit: CircuitShape;
  readonly masking: Masking;
  readonly maxBatch: number;
}

/**
 * Closed-form continuous-time circuit with the layers of a wiring (inter, command, motor), default mode.
 *
 * Source: Hasani et al. 2022, doi:10.1038/s42256-022-00556-7; semantics of `ncps.torch.CfC` with a wiring.
 * Every layer is computed over the whole sequence before the next one. Output [rows, M] is the last layer's state.
 */
export class WiredCfc implements RecurrentLayer {
  readonly input: Signal;
  readonly output: DifferentiableSignal;
  readonly stateSize: number;
  readonly maxRows: number;
  readonly maxBatch: number;
  readonly elapsed: Tensor;
  readonly episodeStart: ByteTensor;
  readonly initialState: Tensor;
  readonly finalState: Tensor;
  readonly states: Tensor;
  readonly dInitialState: Tensor;
  readonly dFinalState: Tensor;
  readonly dElapsed: Tensor;
  readonly #plan: MemoryPlan;
  readonly #name: string;
  readonly #layers: readonly GatedLayer[];

  constructor(plan: MemoryPlan, block: ParameterBlock, options: WiredCfcOptions) {
    const { name, input, circuit, masking, maxBatch } = options;
    const rows = input.value.rows;
    this.#plan = plan;
    this.#name = name;
    this.input = input;
    this.stateSize = circuit.units;
    this.maxRows = rows;
    this.maxBatch = maxBatch;
    const layers: GatedLayer[] = [];
    for (const [index, masks] of circuitMasks(circuit, masking).entries())
      layers.push(
        new GatedLayer(plan, block, {
          name: `${name}.layer_${index}`,
          input: layers.at(-1)?.states ?? input,
          masks,
          maxBatch,
          flags: 0,
        }),
      );
    this.#layers = layers;
    this.output = layers.at(-1)!.states;
    this.elapsed = plan.tensor(`${name} elapsed`, 1, rows);
    this.dElapsed = plan.tensor(`${name} d elapsed`, 1, rows);
    this.episodeStart = plan.bytes(`${name} episode start`, rows);
    this.initialState = plan.tensor(`${name} initial state`, maxBatch, circuit.units);
    this.finalState = plan.tensor(`${name} final state`, maxBatch, circuit.units);
    this.states = plan.tensor(`${name} states`, rows, circuit.units);
    this.dInitialState = plan.tensor(`${name} d initial state`, maxBatch, circuit.units);
    this.dFinalState = plan.tensor(`${name} d final state`, maxBatch, circuit.units);
    plan.onBind(() => this.elapsed.data.fill(1));
  }

  initialize(uniform: Uniform): void {
    for (const layer of this.#layers) layer.initialize(uniform);
  }

  prepare(): void {
    for (const layer of this.#layers) layer.prepare();
  }

  forward(T: number, B: number): void {
    checkSequence(this.#name, T, B, this.maxRows, this.maxBatch);
    if (T === 0) {
      this.finalState.data.set(this.initialState.data);
      return;
    }
    const k = this.#plan.kernels;
    const pass = this.#pass(T, B);
    const { initialState: from, finalState: to } = this;
    for (const { ids, initial } of this.#layers)
      k.gatherColumns(from.ptr, from.stride, initial.ptr, initial.stride, ids.ptr, B, ids.length, 0);
    for (const layer of this.#layers) layer.forward(pass);
    for (const { ids, states } of this.#layers) {
      const last = states.value.ptr + 4 * (T - 1) * B * states.value.stride;
      k.scatterColumns(last, states.value.stride, to.ptr, to.stride, ids.ptr, B, ids.length);
    }
  }

  backward(T: number, B: number): void {
    checkSequence(this.#name, T, B, this.maxRows, this.maxBatch);
    const k = this.#plan.kernels;
    const pass = this.#pass(T, B);
    const { dFinalState: from, dInitialState: to } = this;
    this.dElapsed.data.fill(0);
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const layer = this.#layers[l]!;
      const { ids, dState } = layer;
      k.gatherColumns(from.ptr, from.stride, dState.ptr, dState.stride, ids.ptr, B, ids.length, 0);
      layer.backward(pass);
      k.scatterColumns(dState.ptr, dState.stride, to.ptr, to.stride, ids.ptr, B, ids.length);
    }
    from.data.fill(0);
  }

  gatherStates(T: number, B: number): void {
    const k = this.#plan.kernels;
    const to = this.states;
    for (const { ids, states } of this.#layers)
      k.scatterColumns(states.value.ptr, states.value.stride, to.ptr, to.stride, ids.ptr, T * B, ids.length);
  }

  step(N: number): void {
    this.forward(1, N);
    const length = N * this.initialState.stride;
    this.initialState.data.set(this.finalState.data.subarray(0, length));
  }

  #pass(T: number, B: number): SequencePass {
    return { T, B, elapsed: this.elapsed.ptr, dElapsed: this.dElapsed.ptr, episodeStart: this.episodeStart.ptr };
  }
}
