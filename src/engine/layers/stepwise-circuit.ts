import type { MemoryPlan } from "../memory-plan.ts";
import type { ByteTensor, IntTensor, Tensor } from "../tensor.ts";
import type { CircuitLayer, SequencePass } from "./circuit-layer.ts";
import type { RecurrentLayer } from "./layer.ts";
import type { MixedMemory } from "./mixed-memory.ts";
import {
  KeptGradients,
  anyPadded,
  blankPadding,
  copyRow,
  repeatOutputs,
  repeatOutputsBackward,
} from "./step-padding.ts";

/** How a mixed memory feeds the circuit: its output replaces the circuit's state (torch), or is the circuit's input (keras). */
export type MemoryRole = "state" | "input";

/** What a circuit is computed from step by step. */
export interface StepwiseParts {
  readonly name: string;
  readonly layers: readonly CircuitLayer[];
  /** neuron ids of each layer */
  readonly ids: readonly (readonly number[])[];
  readonly memory: MixedMemory | null;
  readonly memoryRole: MemoryRole;
  /** [rows] 1 where a step is padding; null where none ever is */
  readonly padding: ByteTensor | null;
  readonly rows: number;
  readonly maxBatch: number;
}

/** What the circuit shows to the outside: state before and after, times, starts. */
type Outside = Pick<
  RecurrentLayer,
  | "input"
  | "output"
  | "elapsed"
  | "dElapsed"
  | "episodeStart"
  | "initialState"
  | "finalState"
  | "initialMemory"
  | "finalMemory"
  | "dInitialState"
  | "dFinalState"
> & { readonly dInitialMemory: Tensor | null; readonly dFinalMemory: Tensor | null };

/**
 * A circuit computed one step at a time, all layers in each: where a memory sits between the steps, or some steps are padding (their state
 * stays, their output repeats). Neurons are in the order of the layers here, as the reference's memory knows them.
 */
export class StepwiseCircuit {
  readonly #plan: MemoryPlan;
  readonly #parts: StepwiseParts;
  /** [rows, H] state after each step */
  readonly #states: Tensor;
  /** [maxBatch, H] */
  readonly #initial: Tensor;
  /** [rows, H] state each step starts from: the memory's where there is one */
  readonly #previous: Tensor;
  /** [maxBatch, H] gradient of the state between two steps, and of the memory's output */
  readonly #dState: Tensor;
  readonly #dHidden: Tensor;
  readonly #kept: KeptGradients | null;
  /** neuron ids, layer after layer, and the places of each layer's neurons in that order */
  readonly #order: IntTensor;
  readonly #positions: readonly IntTensor[];
  /** flags for steps whose state was reset before: all zero */
  readonly #noStart: ByteTensor;

  constructor(plan: MemoryPlan, parts: StepwiseParts) {
    const { name, ids, memory, padding, rows, maxBatch } = parts;
    const flat = ids.flat();
    const H = flat.length;
    const perSample = (what: string): Tensor => plan.tensor(`${name} ${what}`, maxBatch, H);
    this.#plan = plan;
    this.#parts = parts;
    this.#states = plan.tensor(`${name} ordered states`, rows, H);
    this.#initial = perSample("ordered initial");
    this.#previous = memory?.previous ?? plan.tensor(`${name} previous`, rows, H);
    this.#dState = perSample("ordered d state");
    this.#dHidden = perSample("d hidden");
    this.#kept = padding && new KeptGradients([perSample("kept d state"), perSample("kept d memory")]);
    this.#order = plan.ints(`${name} order`, H);
    this.#positions = ids.map((list, l) => plan.ints(`${name} positions ${l}`, list.length));
    this.#noStart = plan.bytes(`${name} no start`, maxBatch);
    plan.onBind(() => {
      this.#order.data.set(flat);
      let next = 0;
      for (const { data } of this.#positions) data.forEach((_, i) => (data[i] = next++));
    });
  }

  forward(outside: Outside, T: number, B: number): void {
    const k = this.#plan.kernels;
    const { layers, memory, memoryRole } = this.#parts;
    const padding = this.#paddingOf(T * B);
    const [states, previous, Hp] = [this.#states, this.#previous, this.#previous.stride];
    if (padding) blankPadding(padding, outside.input.value, outside.elapsed, T * B);
    this.#reorder(outside.initialState.ptr, this.#initial.ptr, B, "by layer");
    if (memory) this.#reorder(outside.initialMemory!.ptr, memory.initial.ptr, B, "by layer");
    memory?.projectInputs(T * B);
    for (let t = 0; t < T; t++) {
      const row = t * B;
      const start = outside.episodeStart.ptr + row;
      k.copyUnlessStart(at(previous, row), t === 0 ? this.#initial.ptr : at(states, row - B), start, B, Hp); // 1. state the step starts from
      memory?.stepForward(row, B, start); // 2. memory
      const from = memory && memoryRole === "state" ? memory.hidden.value : previous;
      this.#distribute(at(from, row), "initial", B);
      const pass = this.#stepPass(outside, row, B);
      for (const layer of layers) layer.forward(pass); // 3. circuit
      this.#collectStates(row, B);
      if (padding) this.#keep(padding, outside, row, B); // 4. padding
    }
    this.#reorder(at(states, (T - 1) * B), outside.finalState.ptr, B, "by id");
    if (memory) this.#reorder(memory.cellAt((T - 1) * B), outside.finalMemory!.ptr, B, "by id");
  }

  backward(outside: Outside, T: number, B: number): void {
    const k = this.#plan.kernels;
    const { layers, memory, memoryRole } = this.#parts;
    const padding = this.#paddingOf(T * B);
    const dState = this.#dState;
    const isInput = memoryRole === "input";
    const between = memory ? [dState, memory.dCell] : [dState];
    this.#reorder(outside.dFinalState.ptr, dState.ptr, B, "by layer");
    if (memory) this.#reorder(outside.dFinalMemory!.ptr, memory.dCell.ptr, B, "by layer");
    for (let t = T - 1; t >= 0; t--) {
      const row = t * B;
      const start = outside.episodeStart.ptr + row;
      if (padding) {
        repeatOutputsBackward(padding, outside.output.gradient, row, B); // 4. padding
        this.#kept!.take(padding, between, row, B);
      }
      this.#distribute(dState.ptr, "dState", B);
      const pass = this.#stepPass(outside, row, B);
      for (let l = layers.length - 1; l >= 0; l--) layers[l]!.backward(pass); // 3. circuit
      this.#collectGradient(memory && !isInput ? this.#dHidden.ptr : dState.ptr, B);
      if (memory) {
        const dOutput = isInput ? at(memory.hidden.gradient, row) : this.#dHidden.ptr;
        memory.stepBackward(row, B, dOutput, dState.ptr, isInput); // 2. memory
      }
      if (padding) this.#kept!.giveBack(padding, between, row, B);
      for (const gradient of between) k.zeroWhereStart(gradient.ptr, start, B, gradient.stride); // 1. state the step started from
    }
    memory?.finishBackward(T * B, !isInput);
    this.#reorder(dState.ptr, outside.dInitialState.ptr, B, "by id");
    if (memory) this.#reorder(memory.dCell.ptr, outside.dInitialMemory!.ptr, B, "by id");
  }

  /** [rows, H] <- states after every step of the last forward, by neuron id. */
  gatherStates(to: Tensor, rows: number): void {
    this.#reorder(this.#states.ptr, to.ptr, rows, "by id");
  }

  #paddingOf(rows: number): ByteTensor | null {
    const { padding } = this.#parts;
    return padding && anyPadded(padding, rows) ? padding : null;
  }

  /** State and memory of padded samples stay as they were before the step, their output repeats. */
  #keep(padding: ByteTensor, { output }: Outside, row: number, B: number): void {
    repeatOutputs(padding, output.value, row, B);
    for (let at = row; at < row + B; at++) {
      if (padding.data[at] === 0) continue;
      copyRow(this.#states, at, this.#previous, at);
      this.#parts.memory?.keep(at);
    }
  }

  /** [rows, H] by neuron id from rows by layer, or the other way. */
  #reorder(from: number, to: number, rows: number, target: "by id" | "by layer"): void {
    const k = this.#plan.kernels;
    const ld = this.#states.stride;
    const order = this.#order;
    if (target === "by id") k.scatterColumns(from, ld, to, ld, order.ptr, rows, order.length);
    else k.gatherColumns(from, ld, to, ld, order.ptr, rows, order.length, 0);
  }

  /** Columns of [B, H] rows to every layer's own rows. */
  #distribute(from: number, to: "initial" | "dState", B: number): void {
    this.#parts.layers.forEach((layer, l) => {
      const own = layer[to];
      const places = this.#positions[l]!;
      const k = this.#plan.kernels;
      k.gatherColumns(from, this.#states.stride, own.ptr, own.stride, places.ptr, B, places.length, 0);
    });
  }

  #collectStates(row: number, B: number): void {
    this.#parts.layers.forEach(({ states: { value } }, l) =>
      this.#collect(at(value, row), value, at(this.#states, row), B, l),
    );
  }

  #collectGradient(to: number, B: number): void {
    this.#parts.layers.forEach(({ dState }, l) => this.#collect(dState.ptr, dState, to, B, l));
  }

  #collect(from: number, { stride }: Tensor, to: number, B: number, layer: number): void {
    const places = this.#positions[layer]!;
    this.#plan.kernels.scatterColumns(from, stride, to, this.#states.stride, places.ptr, B, places.length);
  }

  /** One step whose state was reset already. */
  #stepPass({ elapsed, dElapsed }: Outside, firstRow: number, B: number): SequencePass {
    return { T: 1, B, firstRow, elapsed, dElapsed, episodeStart: this.#noStart.ptr - firstRow };
  }
}

const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;
