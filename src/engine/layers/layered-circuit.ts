import { activationKinds } from "../activation-kind.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ByteTensor, DifferentiableSignal, IntTensor, Signal, Tensor } from "../tensor.ts";
import { checkSequence } from "./check-size.ts";
import type { CircuitLayer, SequencePass } from "./circuit-layer.ts";
import type { RecurrentLayer, Uniform } from "./layer.ts";
import type { MixedMemory } from "./mixed-memory.ts";
import { anyPadded } from "./step-padding.ts";
import { type MemoryRole, StepwiseCircuit } from "./stepwise-circuit.ts";

/** What a circuit is put together from. */
export interface LayeredCircuitParts {
  readonly name: string;
  readonly input: Signal;
  /** in the order signals pass */
  readonly layers: readonly CircuitLayer[];
  /** neuron ids of each layer */
  readonly ids: readonly (readonly number[])[];
  readonly memory: MixedMemory | null;
  readonly memoryRole: MemoryRole;
  readonly maxBatch: number;
  /** whether steps may be padding, default false */
  readonly hasPadding?: boolean | undefined;
}

/**
 * Layers of neurons computed over sequences, optionally with an LSTM before every step (mixed memory).
 *
 * Without a memory every layer goes over the whole sequence before the next one starts; with one, and where steps are padding, all layers
 * take a step at a time.
 */
export abstract class LayeredCircuit implements RecurrentLayer {
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
  readonly states: Tensor;
  readonly dInitialState: Tensor;
  readonly dFinalState: Tensor;
  readonly dElapsed: Tensor;
  /** [maxBatch, H] cell state of a mixed memory, by neuron id like the state; null without one */
  readonly initialMemory: Tensor | null;
  readonly finalMemory: Tensor | null;
  readonly dInitialMemory: Tensor | null;
  readonly dFinalMemory: Tensor | null;
  protected readonly plan: MemoryPlan;
  readonly #name: string;
  readonly #layers: readonly CircuitLayer[];
  readonly #ids: readonly IntTensor[];
  readonly #memory: MixedMemory | null;
  readonly #stepwise: StepwiseCircuit | null;
  /** whether the last forward went step by step */
  #wasStepwise = false;

  constructor(plan: MemoryPlan, parts: LayeredCircuitParts) {
    const { name, input, layers, ids, memory, memoryRole, maxBatch, hasPadding = false } = parts;
    const rows = input.value.rows;
    const H = layers.reduce((sum, { size }) => sum + size, 0);
    const perSample = (what: string): Tensor => plan.tensor(`${name} ${what}`, maxBatch, H);
    this.plan = plan;
    this.#name = name;
    this.#layers = layers;
    this.#memory = memory;
    this.input = input;
    this.output = layers.at(-1)!.output; // circuits have at least one layer
    this.stateSize = H;
    this.maxRows = rows;
    this.maxBatch = maxBatch;
    this.elapsed = plan.tensor(`${name} elapsed`, 1, rows);
    this.dElapsed = plan.tensor(`${name} d elapsed`, 1, rows);
    this.episodeStart = plan.bytes(`${name} episode start`, rows);
    this.initialState = perSample("initial state");
    this.finalState = perSample("final state");
    this.dInitialState = perSample("d initial state");
    this.dFinalState = perSample("d final state");
    this.states = plan.tensor(`${name} all states`, rows, H);
    this.initialMemory = memory && perSample("initial memory");
    this.finalMemory = memory && perSample("final memory");
    this.dInitialMemory = memory && perSample("d initial memory");
    this.dFinalMemory = memory && perSample("d final memory");
    this.padding = hasPadding ? plan.bytes(`${name} padding`, rows) : null;
    const { padding } = this;
    this.#stepwise =
      memory || padding
        ? new StepwiseCircuit(plan, { name, layers, ids, memory, memoryRole, padding, rows, maxBatch })
        : null;
    this.#ids = ids.map((list, l) => plan.ints(`${name} ids ${l}`, list.length));
    plan.onBind(() => {
      this.elapsed.data.fill(1);
      ids.forEach((list, l) => this.#ids[l]!.data.set(list));
    });
  }

  initialize(uniform: Uniform): void {
    for (const layer of this.#layers) layer.initialize(uniform);
    this.#memory?.initialize(uniform);
  }

  prepare(): void {
    for (const layer of this.#layers) layer.prepare();
    this.#memory?.prepare();
  }

  forward(T: number, B: number): void {
    checkSequence(this.#name, T, B, this.maxRows, this.maxBatch);
    if (T * B === 0) {
      this.finalState.data.set(this.initialState.data);
      if (this.finalMemory && this.initialMemory) this.finalMemory.data.set(this.initialMemory.data);
      return;
    }
    const stepwise = this.#stepwiseFor(T * B);
    this.#wasStepwise = stepwise !== null;
    if (stepwise) stepwise.forward(this, T, B);
    else this.#layerwiseForward(T, B);
  }

  backward(T: number, B: number): void {
    checkSequence(this.#name, T, B, this.maxRows, this.maxBatch);
    this.dElapsed.data.fill(0);
    if (T * B === 0) this.dInitialState.data.set(this.dFinalState.data);
    else if (this.#wasStepwise) this.#stepwise!.backward(this, T, B);
    else this.#layerwiseBackward(T, B);
    for (const layer of this.#layers) layer.addWeightGradients(T * B);
    this.dFinalState.data.fill(0);
    this.dFinalMemory?.data.fill(0);
  }

  gatherStates(T: number, B: number): void {
    if (this.#wasStepwise) this.#stepwise!.gatherStates(this.states, T * B);
    else this.#collect(this.states.ptr, 0, T * B, this.#ids);
  }

  step(N: number): void {
    this.forward(1, N);
    const length = N * this.initialState.stride;
    this.#moveOn(this.finalState, this.initialState, length);
    if (this.finalMemory && this.initialMemory) this.#moveOn(this.finalMemory, this.initialMemory, length);
  }

  /** Copies within memory: a typed array's subarray would allocate in every step. */
  #moveOn(from: Tensor, to: Tensor, length: number): void {
    this.plan.kernels.activate(from.ptr, to.ptr, length, activationKinds.identity);
  }

  /** The way to compute these rows step by step, where that is needed. */
  #stepwiseFor(rows: number): StepwiseCircuit | null {
    const isNeeded = this.#memory !== null || (this.padding !== null && anyPadded(this.padding, rows));
    return isNeeded ? this.#stepwise : null;
  }

  #layerwiseForward(T: number, B: number): void {
    const pass = this.#pass(T, B, 0);
    this.#distribute(this.initialState.ptr, "initial", this.#ids, B);
    for (const layer of this.#layers) layer.forward(pass);
    this.#collect(this.finalState.ptr, (T - 1) * B, B, this.#ids);
  }

  #layerwiseBackward(T: number, B: number): void {
    const pass = this.#pass(T, B, 0);
    this.#distribute(this.dFinalState.ptr, "dState", this.#ids, B);
    for (let l = this.#layers.length - 1; l >= 0; l--) this.#layers[l]!.backward(pass);
    this.#collectGradient(this.dInitialState.ptr, this.#ids, B);
  }

  /** Columns of [B, H] rows to every layer's own rows. */
  #distribute(from: number, to: "initial" | "dState", columns: readonly IntTensor[], B: number): void {
    const ld = this.initialState.stride;
    this.#layers.forEach((layer, l) => {
      const own = layer[to];
      const ids = columns[l]!;
      this.plan.kernels.gatherColumns(from, ld, own.ptr, own.stride, ids.ptr, B, ids.length, 0);
    });
  }

  /** States of all layers from `row` on to columns of [rows, H] rows. */
  #collect(to: number, row: number, rows: number, columns: readonly IntTensor[]): void {
    const ld = this.initialState.stride;
    this.#layers.forEach(({ states }, l) => {
      const ids = columns[l]!;
      const from = at(states.value, row);
      this.plan.kernels.scatterColumns(from, states.value.stride, to, ld, ids.ptr, rows, ids.length);
    });
  }

  #collectGradient(to: number, columns: readonly IntTensor[], B: number): void {
    const ld = this.initialState.stride;
    this.#layers.forEach(({ dState }, l) => {
      const ids = columns[l]!;
      this.plan.kernels.scatterColumns(dState.ptr, dState.stride, to, ld, ids.ptr, B, ids.length);
    });
  }

  #pass(T: number, B: number, firstRow: number): SequencePass {
    const { elapsed, dElapsed, episodeStart } = this;
    return { T, B, firstRow, elapsed, dElapsed, episodeStart: episodeStart.ptr };
  }
}

const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;
