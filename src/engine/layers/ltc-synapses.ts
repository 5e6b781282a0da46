import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { IntTensor, Tensor } from "../tensor.ts";

/** What a set of synapses onto the neurons of an LTC is made of. */
export interface LtcSynapsesOptions {
  /** parameters are `${prefix}w`, `${prefix}sigma`, `${prefix}mu`, `${prefix}erev`, each [sources, neurons] */
  readonly prefix: string;
  readonly numSources: number;
  readonly numNeurons: number;
  /** [sources, neurons], 0 where there is no synapse */
  readonly adjacency: ArrayLike<number>;
  /** whether weights go through softplus */
  readonly isImplicit: boolean;
  /** whether reversal potentials count as their absolute value times the synapse's polarity */
  readonly isSigned: boolean;
}

/**
 * Synapses from sources (sensors or neurons) onto neurons, sorted by target, absent ones left out.
 *
 * Parameters are dense [sources, neurons] matrices as in the reference; those of absent synapses take part in nothing. The kernels read a table
 * [4][numSynapses] of positive weight, sigma, mu, reversal and write a gradient table of four lanes per entry.
 */
export class LtcSynapses {
  readonly count: number;
  readonly starts: IntTensor;
  readonly sources: IntTensor;
  readonly table: Tensor;
  readonly dTable: Tensor;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: LtcSynapsesOptions;
  readonly #offsets: readonly [number, number, number, number];
  /** places of the synapses in a dense matrix */
  readonly #places: IntTensor;
  /** [1, sources * neurons] softplus of the weights, and its slope */
  readonly #positive: Tensor;
  readonly #slope: Tensor;
  /** polarity of every synapse, sorted as they are */
  readonly #polarities: readonly number[];

  constructor(plan: MemoryPlan, block: ParameterBlock, options: LtcSynapsesOptions) {
    const { prefix, numSources, numNeurons } = options;
    const size = numSources * numNeurons;
    this.#plan = plan;
    this.#block = block;
    this.#options = options;
    const declare = (role: string): number => {
      const offset = block.reserve(size);
      block.declare({ name: `${prefix}${role}`, shape: [numSources, numNeurons], offset, strides: [numNeurons, 1] });
      return offset;
    };
    this.#offsets = [declare("w"), declare("sigma"), declare("mu"), declare("erev")];
    const { starts, sources, places } = sortByTarget(options);
    this.#polarities = places.map((place) => options.adjacency[place]!);
    this.count = places.length;
    this.starts = plan.ints(`${prefix}starts`, numNeurons + 1);
    this.sources = plan.ints(`${prefix}sources`, this.count);
    this.#places = plan.ints(`${prefix}places`, this.count);
    this.table = plan.tensor(`${prefix}table`, 1, 4 * this.count);
    this.dTable = plan.tensor(`${prefix}d table`, 1, 16 * this.count);
    this.#positive = plan.tensor(`${prefix}positive`, 1, size);
    this.#slope = plan.tensor(`${prefix}slope`, 1, size);
    plan.onBind(() => {
      this.starts.data.set(starts);
      this.sources.data.set(sources);
      this.#places.data.set(places);
    });
  }

  prepare(): void {
    const k = this.#plan.kernels;
    const { isImplicit } = this.#options;
    const weights = this.#block.valuePtr(this.#offsets[0]);
    if (isImplicit) {
      k.softplus(weights, this.#positive.ptr, this.#positive.length);
      k.activate(weights, this.#slope.ptr, this.#slope.length, 3); // sigmoid, the slope of softplus
    }
    this.#offsets.forEach((offset, row) => {
      const from = row === 0 && isImplicit ? this.#positive.ptr : this.#block.valuePtr(offset);
      k.gatherColumns(from, 0, this.table.ptr + 4 * row * this.count, 0, this.#places.ptr, 1, this.count, 0);
    });
    if (this.#options.isSigned)
      this.#polarities.forEach((polarity, s) => {
        const at = 3 * this.count + s;
        this.table.data[at] = polarity * Math.abs(this.table.data[at]!);
      });
  }

  /** Adds the gradient table to the parameter gradients and clears it. */
  addGradients(): void {
    const { gradients } = this.#block;
    const { data } = this.dTable;
    const places = this.#places.data;
    this.#offsets.forEach((offset, row) => {
      for (let s = 0; s < this.count; s++) {
        const at = 4 * (row * this.count + s);
        const sum = data[at]! + data[at + 2]! + (data[at + 1]! + data[at + 3]!);
        gradients[offset + places[s]!]! += sum * this.#slopeOf(row, s);
      }
    });
    data.fill(0);
  }

  /** d what the kernel reads / d stored parameter. */
  #slopeOf(row: number, s: number): number {
    const { isImplicit, isSigned } = this.#options;
    const place = this.#places.data[s]!;
    if (row === 0 && isImplicit) return this.#slope.data[place]!;
    if (row === 3 && isSigned)
      return this.#block.values[this.#offsets[3] + place]! < 0 ? -this.#polarities[s]! : this.#polarities[s]!;
    return 1;
  }
}

function sortByTarget({ numSources, numNeurons, adjacency }: LtcSynapsesOptions) {
  const starts = [0];
  const sources: number[] = [];
  const places: number[] = [];
  for (let target = 0; target < numNeurons; target++) {
    for (let source = 0; source < numSources; source++) {
      if (adjacency[source * numNeurons + target] === 0) continue;
      sources.push(source);
      places.push(source * numNeurons + target);
    }
    starts.push(places.length);
  }
  return { starts, sources, places };
}
