import { PCG64, type SeedSequence } from "gymnasium-js";
import { FormatError } from "../../src/errors.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { actionSize, obsSize, type PolicySpec } from "../../src/policy/policy-spec.ts";
import { Augmenter, type Variation, drawVariation } from "./augmenter.ts";
import { type BcConfig, framesPerUpdate, sequencesPerShard } from "./bc-config.ts";
import { type BcHeads, type BcLossKind, type BcLossSettings, type BcSums, bcLossRow, clearRow } from "./bc-loss.ts";
import type { DemonstrationSet, ObsBuffer } from "./demonstration-set.ts";
import { type Sequence, SequenceSampler } from "./sequence-sampler.ts";

/** Changes nothing: for validation. */
const PLAIN: Variation = {
  noiseVariance: 0,
  noiseSeed: 0,
  brightness: 1,
  shade: 1,
  edgeTop: 0,
  edgeBottom: 0,
  isMirrored: false,
  timeFactor: 1,
};

const VARIATION_FIELDS = Object.keys(PLAIN) as readonly (keyof Variation)[];
const COLUMN_SIZE = 3 + VARIATION_FIELDS.length;

/** A column of a batch: where it is in its episode, and how its frames are varied. */
interface Column {
  sequence: Sequence;
  variation: Variation;
  /** sequences still to go on from here with the state kept */
  left: number;
}

/** One group of sequences: draws them, puts them into the network, and computes loss and gradient. */
export class BcShard {
  readonly random: PCG64;
  readonly #config: BcConfig;
  readonly #network: PolicyNetwork;
  readonly #sampler: SequenceSampler;
  readonly #columns: (Column | null)[];
  /** [columns, H] states to go on from */
  readonly states: Float32Array;
  readonly #episodes: DemonstrationSet;
  readonly #obs: ObsBuffer;
  readonly #augmenter: Augmenter;
  readonly #label: Float32Array;
  readonly #heads: BcHeads;
  readonly #settings: BcLossSettings;

  constructor(
    config: BcConfig,
    spec: PolicySpec,
    network: PolicyNetwork,
    episodes: DemonstrationSet,
    seed: SeedSequence,
  ) {
    const D = obsSize(spec);
    const [height = 1, width = 1, channels = 1] = spec.obs.shape;
    this.random = new PCG64(seed);
    this.#episodes = episodes;
    this.#config = config;
    this.#network = network;
    const isDiscrete = spec.action.kind === "discrete";
    this.#sampler = new SequenceSampler(episodes, config, config.balance, isDiscrete, this.random);
    this.#columns = Array.from({ length: sequencesPerShard(config) }, () => null);
    this.states = new Float32Array(this.#columns.length * Math.max(1, network.stateSize));
    this.#obs = spec.obs.dtype === "uint8" ? new Uint8Array(D) : new Float32Array(D);
    this.#augmenter = new Augmenter({ height, width, channels });
    this.#label = new Float32Array(isDiscrete ? 1 : actionSize(spec));
    this.#heads = headsOf(network);
    this.#settings = {
      kind: lossKind(config, spec),
      A: actionSize(spec),
      steeringWeight: config.steeringWeight,
      totalRows: (framesPerUpdate(config) / config.sequenceLength) * (config.sequenceLength - config.warmUp),
    };
  }

  /** Draws the next batch and adds its loss to `sums` and its gradient to the network's. */
  learn(sums: BcSums): void {
    const { sequenceLength: T } = this.#config;
    const B = this.#columns.length;
    for (let b = 0; b < B; b++) this.#nextSequence(b);
    this.#write(this.#columns as readonly Column[], T); // all set by the line above
    this.#network.setState(this.states, B);
    this.#network.dropout?.draw(T, B, () => this.random.nextDouble());
    this.#network.forward(T, B);
    this.#network.getFinalState(this.states, B);
    this.#addLoss(this.#columns as readonly Column[], T, sums);
    this.#network.backward(T, B, false);
  }

  /** Adds the loss of given sequences to `sums`, without changing anything that is learned. */
  validate(sequences: readonly Sequence[], sums: BcSums): void {
    const { sequenceLength: T } = this.#config;
    const B = this.#columns.length;
    const zeros = new Float32Array(this.states.length);
    this.#network.dropout?.clear();
    for (let from = 0; from + B <= sequences.length; from += B) {
      const columns = sequences.slice(from, from + B).map((sequence) => ({ sequence, variation: PLAIN, left: 0 }));
      this.#write(columns, T);
      this.#network.setState(zeros, B);
      this.#network.forward(T, B);
      this.#addLoss(columns, T, sums);
    }
  }

  /** Where the columns are, COLUMN_SIZE numbers each: for a checkpoint. An empty array before the first batch. */
  saveColumns(): Float64Array {
    const columns = this.#columns.filter((column) => column !== null);
    return Float64Array.from(
      columns.flatMap(({ sequence, variation, left }) => [
        this.#episodes.indexOf(sequence.episode),
        sequence.start,
        left,
        ...VARIATION_FIELDS.map((field) => Number(variation[field])),
      ]),
    );
  }

  /** Takes what `saveColumns` gave. Throws FormatError on an episode that is not there. */
  loadColumns(numbers: Float64Array): void {
    for (let b = 0; (b + 1) * COLUMN_SIZE <= numbers.length; b++) {
      const [episode, start, left, ...fields] = numbers.subarray(b * COLUMN_SIZE, (b + 1) * COLUMN_SIZE);
      const found = this.#episodes[episode!];
      if (!found)
        throw new FormatError("trainer-state", `trainer state: episode ${episode} is not in the data any more`);
      const entries = VARIATION_FIELDS.map((field, i) => [field, field === "isMirrored" ? fields[i] === 1 : fields[i]]);
      const variation = Object.fromEntries(entries) as unknown as Variation; // one entry per field
      this.#columns[b] = { sequence: { episode: found, start: start! }, variation, left: left! };
    }
  }

  /** Goes on in the episode while it carries its state, or draws a new stretch. */
  #nextSequence(b: number): void {
    const { sequenceLength: T, carry, augmentation } = this.#config;
    const column = this.#columns[b];
    if (column && column.left > 0 && column.sequence.start + 2 * T <= column.sequence.episode.numSteps) {
      column.sequence = { ...column.sequence, start: column.sequence.start + T };
      column.left -= 1;
      return;
    }
    const sequence = this.#sampler.draw();
    this.#columns[b] = { sequence, variation: drawVariation(augmentation, this.random), left: carry - 1 };
    this.states.fill(0, b * this.#network.stateSize, (b + 1) * this.#network.stateSize);
  }

  #write(columns: readonly Column[], T: number): void {
    const B = columns.length;
    for (const [b, { sequence, variation }] of columns.entries()) {
      for (let t = 0; t < T; t++) {
        const at = sequence.start + t;
        sequence.episode.writeObs(at, this.#obs, 0);
        this.#augmenter.apply(this.#obs, variation, at);
        this.#network.writeObs(this.#obs, 0, t * B + b);
        this.#network.writeTime(t * B + b, sequence.episode.elapsed[at]! * variation.timeFactor, at === 0 ? 1 : 0);
      }
    }
  }

  #addLoss(columns: readonly Column[], T: number, sums: BcSums): void {
    const B = columns.length;
    const A = this.#label.length;
    for (const [b, { sequence, variation }] of columns.entries()) {
      const sign = variation.isMirrored ? -1 : 1;
      for (let t = 0; t < T; t++) {
        const row = t * B + b;
        const weight = sequence.episode.weights?.[sequence.start + t] ?? 1;
        if (t < this.#config.warmUp || weight === 0) {
          clearRow(row, this.#heads, this.#settings.A);
          continue;
        }
        const from = (sequence.start + t) * A;
        for (let a = 0; a < A; a++) this.#label[a] = sequence.episode.labels[from + a]! * (a === 0 ? sign : 1);
        bcLossRow(row, this.#label, 0, this.#heads, this.#settings, sums, weight);
      }
    }
  }
}

/** The loss that a config means for an action space. */
export function lossKind(config: BcConfig, spec: PolicySpec): BcLossKind {
  if (config.loss !== "auto") return config.loss;
  return spec.action.kind === "discrete" ? "cross-entropy" : "mse";
}

const headsOf = (network: PolicyNetwork): BcHeads => ({
  logits: network.logits,
  dLogits: network.dLogits,
  logStd: network.logStd,
  dLogStd: network.dLogStd,
});
