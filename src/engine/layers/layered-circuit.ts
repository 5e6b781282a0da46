import { activationKinds } from "../activation-kind.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ByteTensor, DifferentiableSignal, IntTensor, Signal, Tensor } from "../tensor.ts";
import { checkSequence } from "./check-size.ts";
import type { CircuitLayer, SequencePass } from "./circuit-layer.ts";
import type { RecurrentLayer, Uniform } from "./layer.ts";
import type { MixedMemory } from "./mixed-memory.ts";

/** How a mixed memory feeds the circuit: its output replaces the circuit's state (torch), or is the circuit's input (keras). */
export type MemoryRole = "state" | "input";

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
}

/** Buffers of a circuit with a memory. Neurons are in the order of the layers here, as the reference's memory knows them. */
interface StepwiseWorkspace {
  /** [rows, H] */
  readonly states: Tensor;
  /** [maxBatch, H] */
  readonly initial: Tensor;
  /** [maxBatch, H] gradient of the state between two steps */
  readonly dState: Tensor;
  /** [maxBatch, H] gradient of the memory's output */
  readonly dHidden: Tensor;
  /** neuron ids, layer after layer */
  readonly order: IntTensor;
  /** positions of each layer's neurons in that order */
  readonly positions: readonly IntTensor[];
}

/**
 * Layers of neurons computed over sequences, optionally with an LSTM before every step (mixed memory).
 *
 * Without a memory every layer goes over the whole sequence before the next one starts; with one, all layers take a step at a time.
 */
export abstract class LayeredCircuit implements RecurrentLayer {
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
  readonly #role: MemoryRole;
  readonly #workspace: StepwiseWorkspace | null;
  /** flags for steps whose state was reset before: all zero */
  readonly #noStart: ByteTensor;

  constructor(plan: MemoryPlan, { name, input, layers, ids, memory, memoryRole, maxBatch }: LayeredCircuitParts) {
    const rows = input.value.rows;
    const H = layers.reduce((sum, { size }) => sum + size, 0);
    const perSample = (what: string): Tensor => plan.tensor(`${name} ${what}`, maxBatch, H);
    this.plan = plan;
    this.#name = name;
    this.#layers = layers;
    this.#memory = memory;
    this.#role = memoryRole;
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
    this.#workspace = memory && makeWorkspace(plan, name, rows, maxBatch, ids);
    this.#noStart = plan.bytes(`${name} no start`, maxBatch);
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
    } else if (this.#memory) this.#stepwiseForward(T, B, this.#memory);
    else this.#layerwiseForward(T, B);
  }

  backward(T: number, B: number): void {
    checkSequence(this.#name, T, B, this.maxRows, this.maxBatch);
    this.dElapsed.data.fill(0);
    if (T * B === 0) this.dInitialState.data.set(this.dFinalState.data);
    else if (this.#memory) this.#stepwiseBackward(T, B, this.#memory);
    else this.#layerwiseBackward(T, B);
    for (const layer of this.#layers) layer.addWeightGradients(T * B);
    this.dFinalState.data.fill(0);
    this.dFinalMemory?.data.fill(0);
  }

  gatherStates(T: number, B: number): void {
    this.#collect(this.states.ptr, 0, T * B, this.#ids);
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

  #stepwiseForward(T: number, B: number, memory: MixedMemory): void {
    const k = this.plan.kernels;
    const { previous, hidden } = memory;
    const { states, initial, positions } = this.#workspace!; // there with a memory, as are the memory's tensors
    const Hp = previous.stride;
    this.#reorder(this.initialState.ptr, initial.ptr, B, "by layer");
    this.#reorder(this.initialMemory!.ptr, memory.initial.ptr, B, "by layer");
    memory.projectInputs(T * B);
    for (let t = 0; t < T; t++) {
      const row = t * B;
      const start = this.episodeStart.ptr + row;
      k.copyUnlessStart(at(previous, row), t === 0 ? initial.ptr : at(states, row - B), start, B, Hp); // 1. state the step starts from
      memory.stepForward(row, B, start); // 2. memory
      this.#distribute(at(this.#role === "state" ? hidden.value : previous, row), "initial", positions, B);
      const pass = this.#stepPass(row, B);
      for (const layer of this.#layers) layer.forward(pass); // 3. circuit
      this.#collect(at(states, row), row, B, positions);
    }
    this.#reorder(at(states, (T - 1) * B), this.finalState.ptr, B, "by id");
    this.#reorder(memory.cellAt((T - 1) * B), this.finalMemory!.ptr, B, "by id");
  }

  #stepwiseBackward(T: number, B: number, memory: MixedMemory): void {
    const k = this.plan.kernels;
    const { dState, dHidden, positions } = this.#workspace!;
    const isInput = this.#role === "input";
    this.#reorder(this.dFinalState.ptr, dState.ptr, B, "by layer");
    this.#reorder(this.dFinalMemory!.ptr, memory.dCell.ptr, B, "by layer");
    for (let t = T - 1; t >= 0; t--) {
      const row = t * B;
      const start = this.episodeStart.ptr + row;
      this.#distribute(dState.ptr, "dState", positions, B);
      const pass = this.#stepPass(row, B);
      for (let l = this.#layers.length - 1; l >= 0; l--) this.#layers[l]!.backward(pass); // 3. circuit
      this.#collectGradient(isInput ? dState.ptr : dHidden.ptr, positions, B);
      const dOutput = isInput ? at(memory.hidden.gradient, row) : dHidden.ptr;
      memory.stepBackward(row, B, dOutput, dState.ptr, isInput); // 2. memory
      k.zeroWhereStart(dState.ptr, start, B, dState.stride); // 1. state the step started from
      k.zeroWhereStart(memory.dCell.ptr, start, B, dState.stride);
    }
    memory.finishBackward(T * B, !isInput);
    this.#reorder(dState.ptr, this.dInitialState.ptr, B, "by id");
    this.#reorder(memory.dCell.ptr, this.dInitialMemory!.ptr, B, "by id");
  }

  /** [B, H] rows by neuron id from rows by layer, or the other way. */
  #reorder(from: number, to: number, B: number, target: "by id" | "by layer"): void {
    const k = this.plan.kernels;
    const ld = this.initialState.stride;
    const { order } = this.#workspace!;
    if (target === "by id") k.scatterColumns(from, ld, to, ld, order.ptr, B, order.length);
    else k.gatherColumns(from, ld, to, ld, order.ptr, B, order.length, 0);
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

  /** One step whose state was reset already. */
  #stepPass(firstRow: number, B: number): SequencePass {
    const { elapsed, dElapsed } = this;
    return { T: 1, B, firstRow, elapsed, dElapsed, episodeStart: this.#noStart.ptr - firstRow };
  }
}

const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;

function makeWorkspace(
  plan: MemoryPlan,
  name: string,
  rows: number,
  maxBatch: number,
  ids: readonly (readonly number[])[],
): StepwiseWorkspace {
  const flat = ids.flat();
  const H = flat.length;
  const order = plan.ints(`${name} order`, H);
  const positions = ids.map((list, l) => plan.ints(`${name} positions ${l}`, list.length));
  plan.onBind(() => {
    order.data.set(flat);
    let next = 0;
    for (const { data } of positions) data.forEach((_, i) => (data[i] = next++));
  });
  return {
    states: plan.tensor(`${name} ordered states`, rows, H),
    initial: plan.tensor(`${name} ordered initial`, maxBatch, H),
    dState: plan.tensor(`${name} ordered d state`, maxBatch, H),
    dHidden: plan.tensor(`${name} d hidden`, maxBatch, H),
    order,
    positions,
  };
}
