import { KernelError } from "../../errors.ts";
import type { InitializationRanges } from "../../ncp/index.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { padded, type DifferentiableSignal, type IntTensor, type Signal, type Tensor } from "../tensor.ts";
import type { CircuitLayer, SequencePass } from "./circuit-layer.ts";
import type { CircuitShape } from "./circuit-masks.ts";
import type { Uniform } from "./layer.ts";
import { LtcSynapses } from "./ltc-synapses.ts";
import { makeWork, type LtcWork } from "./ltc-work.ts";
import { declareVector, MappedColumns, type Mapping } from "./mapped-columns.ts";

/** What the neurons of an LTC are made of. */
export interface LtcLayerOptions {
  /** parameters are `${name}.{gleak,vleak,cm,w,sigma,mu,erev,sensory_*,input_*,output_*}` */
  readonly name: string;
  readonly input: Signal;
  readonly circuit: CircuitShape;
  readonly inputMapping: Mapping;
  readonly outputMapping: Mapping;
  /** solver steps per time step */
  readonly unfolds: number;
  readonly epsilon: number;
  /** softplus on w, gleak, cm; else the user keeps them positive (`applyWeightConstraints`) */
  readonly isImplicit: boolean;
  /** reversal potentials count as their absolute value times the synapse's polarity */
  readonly isSigned: boolean;
  /** [min, max] of first weights, complete */
  readonly ranges: InitializationRanges;
  readonly maxBatch: number;
  /** most steps of one pass; samples are padded to 4 in every step, which this limits the memory for */
  readonly maxSteps: number;
}

/** Where one step's vectors lie, addresses. */
interface StepAddresses {
  readonly inputs: number;
  readonly sensoryTop: number;
  readonly sensoryBottom: number;
  readonly potentials: number;
  readonly denominators: number;
}

/**
 * Liquid time-constant neurons over a sequence, drawn synapses only.
 *
 * Memory per step, vectors over the batch padded to Bp: mapped inputs [S, Bp], sensory currents 2 x [N, Bp], potentials of every unfold
 * [unfolds + 1, N, Bp], denominators [unfolds, N, Bp].
 */
export class LtcLayer implements CircuitLayer {
  readonly size: number;
  readonly states: DifferentiableSignal;
  readonly output: DifferentiableSignal;
  readonly initial: Tensor;
  readonly dState: Tensor;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: LtcLayerOptions;
  readonly #sensors: number;
  readonly #sensory: LtcSynapses;
  readonly #recurrent: LtcSynapses;
  /** offsets of gleak, vleak, cm */
  readonly #neuronOffsets: readonly number[];
  /** [3][N] leak, leak * vleak, capacity; gradients [3][N][4 lanes]; softplus and slope of gleak and cm */
  readonly #neurons: Tensor;
  readonly #dNeurons: Tensor;
  readonly #positive: readonly [Tensor, Tensor];
  readonly #slopes: readonly [Tensor, Tensor];
  readonly #inputMap: MappedColumns;
  readonly #outputMap: MappedColumns;
  /** [rows, M] potentials of the motor neurons before the output mapping, and their ids */
  readonly #motor: DifferentiableSignal;
  readonly #motorIds: IntTensor;
  readonly #lanes: { readonly u: Tensor; readonly sensory: Tensor; readonly v: Tensor; readonly whole: Tensor };
  readonly #work: LtcWork;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: LtcLayerOptions) {
    const { name, input, circuit, isImplicit, isSigned, unfolds, maxBatch, maxSteps } = options;
    const { units: N, inputDim: S, outputDim: M } = circuit;
    const rows = input.value.rows;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    this.size = N;
    this.#sensors = S;
    this.#neuronOffsets = ["gleak", "vleak", "cm"].map((role) => declareVector(block, `${name}.${role}`, N));
    const synapses = { numNeurons: N, isImplicit, isSigned };
    this.#recurrent = new LtcSynapses(plan, block, {
      prefix: `${name}.`,
      numSources: N,
      adjacency: circuit.adjacency,
      ...synapses,
    });
    this.#sensory = new LtcSynapses(plan, block, {
      prefix: `${name}.sensory_`,
      numSources: S,
      adjacency: circuit.sensoryAdjacency,
      ...synapses,
    });
    this.#inputMap = new MappedColumns(plan, block, `${name}.input`, S, options.inputMapping);
    this.#outputMap = new MappedColumns(plan, block, `${name}.output`, M, options.outputMapping);
    this.#neurons = plan.tensor(`${name} neurons`, 1, 3 * N);
    this.#dNeurons = plan.tensor(`${name} d neurons`, 1, 12 * N);
    const vector = (what: string): Tensor => plan.tensor(`${name} ${what}`, 1, N);
    this.#positive = [vector("positive gleak"), vector("positive cm")];
    this.#slopes = [vector("slope gleak"), vector("slope cm")];
    this.states = plan.signal(`${name} states`, rows, N);
    this.output = plan.signal(`${name} output`, rows, M);
    this.#motor = plan.signal(`${name} motor`, rows, M);
    this.#motorIds = plan.ints(`${name} motor ids`, M);
    this.initial = plan.tensor(`${name} initial`, maxBatch, N);
    this.dState = plan.tensor(`${name} d state`, maxBatch, N);
    const laneRows = rows + 3 * Math.min(maxSteps, rows); // every step's samples padded to 4
    const lanes = (what: string, perRow: number): Tensor => plan.tensor(`${name} ${what} lanes`, 1, laneRows * perRow);
    this.#lanes = {
      u: lanes("inputs", S),
      sensory: lanes("sensory", 2 * N),
      v: lanes("potentials", (unfolds + 1) * N),
      whole: lanes("denominators", unfolds * N),
    };
    this.#work = makeWork(plan, name, maxBatch, N, S);
    plan.onBind(() => {
      this.#motorIds.data.forEach((_, i) => (this.#motorIds.data[i] = i)); // motor neurons have the lowest ids
      this.#work.ones.data.fill(1);
    });
  }

  /** Within the ranges; reversal potentials start at the polarity of their synapse. */
  initialize(uniform: Uniform): void {
    const { name, circuit, ranges } = this.#options;
    const draw = (role: string, n: number): void => {
      const [low, high] = ranges[role]!;
      this.#block.set(
        `${name}.${role}`,
        Float32Array.from({ length: n }, () => low + (high - low) * uniform()),
      );
    };
    const [N, S] = [this.size, this.#sensors];
    for (const role of ["gleak", "vleak", "cm"]) draw(role, N);
    for (const [prefix, n, adjacency] of [
      ["", N * N, circuit.adjacency],
      ["sensory_", S * N, circuit.sensoryAdjacency],
    ] as const) {
      for (const role of ["w", "sigma", "mu"]) draw(`${prefix}${role}`, n);
      this.#block.set(`${name}.${prefix}erev`, adjacency);
    }
    this.#inputMap.initialize();
    this.#outputMap.initialize();
  }

  prepare(): void {
    const k = this.#plan.kernels;
    const N = this.size;
    this.#recurrent.prepare();
    this.#sensory.prepare();
    const [gleak, vleak, cm] = this.#neuronOffsets.map((offset) => this.#block.valuePtr(offset)) as [
      number,
      number,
      number,
    ];
    const n = padded(N);
    const leak = this.#positivePart(gleak, 0, n);
    const capacity = this.#positivePart(cm, 1, n);
    const table = this.#neurons.ptr;
    k.placeFloats(leak, 0, table, 0, 1, N, 1, 0);
    k.maskInto(table + 4 * N, leak, vleak, N);
    k.placeFloats(capacity, 0, table + 8 * N, 0, 1, N, 1, 0);
  }

  /** Explicit constraints: negative w, sensory_w, cm, gleak become 0. Call after every optimiser step, before `prepare`. No-op when implicit. */
  applyWeightConstraints(): void {
    const { name, isImplicit } = this.#options;
    if (isImplicit) return;
    for (const role of ["w", "sensory_w", "cm", "gleak"])
      this.#block.set(
        `${name}.${role}`,
        this.#block.get(`${name}.${role}`).map((x) => Math.max(0, x)),
      );
  }

  /** Throws KernelError unless every elapsed time is positive: the solver divides by it. */
  forward(pass: SequencePass): void {
    this.#checkElapsed(pass);
    for (let t = 0; t < pass.T; t++) this.#stepForward(pass, t);
    this.#writeOutput(pass);
  }

  backward(pass: SequencePass): void {
    this.#readOutputGradient(pass);
    for (let t = pass.T - 1; t >= 0; t--) this.#stepBackward(pass, t);
  }

  addWeightGradients(): void {
    this.#recurrent.addGradients();
    this.#sensory.addGradients();
    this.#addNeuronGradients();
  }

  #checkElapsed({ T, B, firstRow, elapsed }: SequencePass): void {
    for (let row = firstRow; row < firstRow + T * B; row++)
      if (!(elapsed.data[row]! > 0))
        throw new KernelError(
          "bad-elapsed-time",
          `${this.#options.name}: elapsed time ${elapsed.data[row]} at step ${Math.floor(row / B)}, sample ${row % B}; an LTC needs positive times`,
        );
  }

  #stepForward(pass: SequencePass, t: number): void {
    const k = this.#plan.kernels;
    const { B } = pass;
    const Bp = padded(B);
    const [N, S] = [this.size, this.#sensors];
    const row = pass.firstRow + t * B;
    const here = this.#addresses(row, B);
    const { previous, ones, zeros, rate, top } = this.#work;
    const vector = N * Bp;
    this.#writeRate(pass, row, Bp);
    // 1. sensory currents, once per step
    const x = this.#options.input.value;
    k.toLanes(at(x, row), x.stride, here.inputs, B, Bp, S, this.#inputMap.scale, this.#inputMap.shift, 1);
    k.fill(here.sensoryTop, 2 * vector, 0);
    this.#currents(this.#sensory, here.inputs, Bp, here.sensoryTop, here.sensoryBottom);
    // 2. unfolds
    const from = t === 0 ? this.initial.ptr : at(this.states.value, row - B);
    k.copyUnlessStart(previous.ptr, from, pass.episodeStart + row, B, previous.stride);
    k.toLanes(previous.ptr, previous.stride, here.potentials, B, Bp, N, ones.ptr, zeros.ptr, 1);
    for (let u = 0; u < this.#options.unfolds; u++) {
      const v = here.potentials + 4 * u * vector;
      const whole = here.denominators + 4 * u * vector;
      k.activate(here.sensoryTop, top.ptr, vector, 0);
      k.activate(here.sensoryBottom, whole, vector, 0);
      this.#currents(this.#recurrent, v, Bp, top.ptr, whole);
      k.ltcAdvance(v, v + 4 * vector, top.ptr, whole, rate.ptr, this.#neurons.ptr, N, Bp, this.#options.epsilon);
    }
    // 3. state
    const { value } = this.states;
    k.fromLanes(here.potentials + 4 * this.#options.unfolds * vector, at(value, row), value.stride, B, Bp, N, 0);
  }

  #stepBackward(pass: SequencePass, t: number): void {
    const k = this.#plan.kernels;
    const { B } = pass;
    const Bp = padded(B);
    const N = this.size;
    const row = pass.firstRow + t * B;
    const here = this.#addresses(row, B);
    const { ones, zeros, rate, dRate, dTop, dBottom, dSensoryTop, dSensoryBottom } = this.#work;
    let [dNext, dv] = [this.#work.dNext.ptr, this.#work.dv.ptr];
    const vector = N * Bp;
    this.#writeRate(pass, row, Bp);
    k.fill(dRate.ptr, Bp, 0);
    k.fill(dSensoryTop.ptr, vector, 0);
    k.fill(dSensoryBottom.ptr, vector, 0);
    // 3. state
    const dState = this.dState;
    k.addScaled(dState.ptr, at(this.states.gradient, row), B * dState.stride, 1);
    k.toLanes(dState.ptr, dState.stride, dNext, B, Bp, N, ones.ptr, zeros.ptr, 0);
    // 2. unfolds
    for (let u = this.#options.unfolds - 1; u >= 0; u--) {
      const v = here.potentials + 4 * u * vector;
      const whole = here.denominators + 4 * u * vector;
      const table = this.#neurons.ptr;
      const dTable = this.#dNeurons.ptr;
      k.ltcAdvanceBackward(
        v,
        v + 4 * vector,
        whole,
        rate.ptr,
        table,
        N,
        Bp,
        dNext,
        dTop.ptr,
        dBottom.ptr,
        dv,
        dTable,
        dRate.ptr,
      );
      this.#currentsBackward(this.#recurrent, v, Bp, dTop.ptr, dBottom.ptr, dv);
      k.addScaled(dSensoryTop.ptr, dTop.ptr, vector, 1);
      k.addScaled(dSensoryBottom.ptr, dBottom.ptr, vector, 1);
      [dNext, dv] = [dv, dNext];
    }
    k.fromLanes(dNext, dState.ptr, dState.stride, B, Bp, N, 0);
    k.zeroWhereStart(dState.ptr, pass.episodeStart + row, B, dState.stride);
    this.#addElapsedGradient(pass, row);
    this.#inputBackward(here, row, B);
  }

  /** 1. sensory currents */
  #inputBackward(here: StepAddresses, row: number, B: number): void {
    const k = this.#plan.kernels;
    const Bp = padded(B);
    const S = this.#sensors;
    const { dSensoryTop, dSensoryBottom, dInputs, dMapped } = this.#work;
    k.fill(dInputs.ptr, S * Bp, 0);
    this.#currentsBackward(this.#sensory, here.inputs, Bp, dSensoryTop.ptr, dSensoryBottom.ptr, dInputs.ptr);
    k.fromLanes(dInputs.ptr, dMapped.ptr, dMapped.stride, B, Bp, S, 0);
    const { value: x, gradient: dx } = this.#options.input;
    const target = dx === null ? 0 : at(dx, row);
    this.#inputMap.backward(at(x, row), dMapped.ptr, target, x.stride, B);
  }

  #writeOutput({ T, B, firstRow }: SequencePass): void {
    const k = this.#plan.kernels;
    const { value: states } = this.states;
    const { value: motor } = this.#motor;
    const { value: y } = this.output;
    const M = this.#motorIds.length;
    const rows = T * B;
    k.gatherColumns(
      at(states, firstRow),
      states.stride,
      at(motor, firstRow),
      motor.stride,
      this.#motorIds.ptr,
      rows,
      M,
      0,
    );
    this.#outputMap.forward(at(motor, firstRow), at(y, firstRow), y.stride, rows);
  }

  #readOutputGradient({ T, B, firstRow }: SequencePass): void {
    const k = this.#plan.kernels;
    const { gradient: dStates } = this.states;
    const { value: motor, gradient: dMotor } = this.#motor;
    const M = this.#motorIds.length;
    const rows = T * B;
    const dy = at(this.output.gradient, firstRow);
    this.#outputMap.backward(at(motor, firstRow), dy, at(dMotor, firstRow), motor.stride, rows);
    dStates.data.fill(0, firstRow * dStates.stride, (firstRow + rows) * dStates.stride);
    k.scatterColumns(
      at(dMotor, firstRow),
      motor.stride,
      at(dStates, firstRow),
      dStates.stride,
      this.#motorIds.ptr,
      rows,
      M,
    );
  }

  #currents(synapses: LtcSynapses, v: number, Bp: number, top: number, bottom: number): void {
    const { starts, sources, table, count } = synapses;
    this.#plan.kernels.ltcCurrents(v, starts.ptr, sources.ptr, table.ptr, count, this.size, Bp, top, bottom);
  }

  #currentsBackward(synapses: LtcSynapses, v: number, Bp: number, dTop: number, dBottom: number, dv: number): void {
    const { starts, sources, table, dTable, count } = synapses;
    const N = this.size;
    this.#plan.kernels.ltcCurrentsBackward(
      v,
      starts.ptr,
      sources.ptr,
      table.ptr,
      count,
      N,
      Bp,
      dTop,
      dBottom,
      dv,
      dTable.ptr,
    );
  }

  /** rate[b] = unfolds / elapsed[b] */
  #writeRate({ B, elapsed }: SequencePass, row: number, Bp: number): void {
    const { data } = this.#work.rate;
    for (let b = 0; b < Bp; b++) data[b] = this.#options.unfolds / elapsed.data[row + Math.min(b, B - 1)]!;
  }

  #addElapsedGradient({ B, elapsed, dElapsed }: SequencePass, row: number): void {
    const dRate = this.#work.dRate.data;
    for (let b = 0; b < B; b++)
      dElapsed.data[row + b]! -= (dRate[b]! * this.#options.unfolds) / elapsed.data[row + b]! ** 2;
  }

  #addNeuronGradients(): void {
    const N = this.size;
    const { gradients, values } = this.#block;
    const [gleak, vleak, cm] = this.#neuronOffsets as [number, number, number];
    const { data } = this.#dNeurons;
    const sum = (row: number, j: number): number => {
      const i = 4 * (row * N + j);
      return data[i]! + data[i + 2]! + (data[i + 1]! + data[i + 3]!);
    };
    const slope = (which: 0 | 1, j: number): number => (this.#options.isImplicit ? this.#slopes[which].data[j]! : 1);
    for (let j = 0; j < N; j++) {
      const dLeakCurrent = sum(1, j);
      gradients[gleak + j]! += (sum(0, j) + dLeakCurrent * values[vleak + j]!) * slope(0, j);
      gradients[vleak + j]! += dLeakCurrent * this.#neurons.data[j]!;
      gradients[cm + j]! += sum(2, j) * slope(1, j);
    }
    data.fill(0);
  }

  #positivePart(raw: number, which: 0 | 1, n: number): number {
    if (!this.#options.isImplicit) return raw;
    const k = this.#plan.kernels;
    k.softplus(raw, this.#positive[which].ptr, n);
    k.activate(raw, this.#slopes[which].ptr, n, 3); // sigmoid, the slope of softplus
    return this.#positive[which].ptr;
  }

  #addresses(row: number, B: number): StepAddresses {
    const step = row / B;
    const Bp = padded(B);
    const N = this.size;
    const { unfolds } = this.#options;
    const vector = N * Bp;
    const sensoryTop = this.#lanes.sensory.ptr + 8 * step * vector;
    return {
      inputs: this.#lanes.u.ptr + 4 * step * this.#sensors * Bp,
      sensoryTop,
      sensoryBottom: sensoryTop + 4 * vector,
      potentials: this.#lanes.v.ptr + 4 * step * (unfolds + 1) * vector,
      denominators: this.#lanes.whole.ptr + 4 * step * unfolds * vector,
    };
  }
}

const at = (tensor: Tensor, row: number): number => tensor.ptr + 4 * row * tensor.stride;
