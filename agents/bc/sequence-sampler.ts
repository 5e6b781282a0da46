import type { PCG64 } from "gymnasium-js";
import { startsIn, type DemonstrationEpisode, type DemonstrationSet, type SequenceShape } from "./demonstration-set.ts";

/** Kinds of labels that balancing tells apart: sizes of a continuous action, or choices. */
const NUM_BINS = 8;

/** A stretch of an episode: frames start … start + T − 1. */
export interface Sequence {
  readonly episode: DemonstrationEpisode;
  readonly start: number;
}

/** Draws stretches of T steps from episodes: evenly over all frames, or evenly over the sizes (kinds) of their labels. */
export class SequenceSampler {
  readonly #episodes: DemonstrationSet;
  readonly #sequenceLength: number;
  /** possible starts of each episode */
  readonly #starts: readonly Int32Array[];
  /** [episodes] number of possible starts in all episodes before */
  readonly #before: Float64Array;
  readonly #numStarts: number;
  readonly #bins: readonly (readonly number[])[];
  readonly #random: PCG64;
  readonly #balance: number;

  /** `isDiscrete`: labels are choices. All episodes have at least one start. */
  constructor(episodes: DemonstrationSet, shape: SequenceShape, balance: number, isDiscrete: boolean, random: PCG64) {
    this.#episodes = episodes;
    this.#sequenceLength = shape.sequenceLength;
    this.#starts = episodes.map((episode) => startsIn(episode, shape));
    this.#random = random;
    this.#balance = balance;
    this.#before = new Float64Array(episodes.length);
    let total = 0;
    for (const [i, starts] of this.#starts.entries()) {
      this.#before[i] = total;
      total += starts.length;
    }
    this.#numStarts = total;
    this.#bins = balance > 0 ? this.#sortIntoBins(isDiscrete) : [];
  }

  /** The next sequence. Always draws three numbers. */
  draw(): Sequence {
    const isBalanced = this.#random.nextDouble() < this.#balance;
    const which = this.#random.nextDouble();
    const where = this.#random.nextDouble();
    if (!isBalanced) return this.#at(Math.floor(where * this.#numStarts));
    const bin = this.#bins[Math.floor(which * this.#bins.length)]!; // bins are not empty
    return this.#at(bin[Math.floor(where * bin.length)]!);
  }

  #at(index: number): Sequence {
    let e = this.#episodes.length - 1;
    while (this.#before[e]! > index) e--;
    return { episode: this.#episodes[e]!, start: this.#starts[e]![index - this.#before[e]!]! };
  }

  /** Starts by the label in the middle of their sequence; empty bins are left out. */
  #sortIntoBins(isDiscrete: boolean): number[][] {
    const middle = this.#sequenceLength >> 1;
    const labels = Array.from({ length: this.#numStarts }, (_, index) => {
      const { episode, start } = this.#at(index);
      const A = episode.labels.length / episode.numSteps;
      return episode.labels[(start + middle) * A]!;
    });
    const largest = labels.reduce((max, label) => Math.max(max, Math.abs(label)), 0);
    const bins = new Map<number, number[]>();
    for (const [index, label] of labels.entries()) {
      const size = largest === 0 ? 0 : Math.min(NUM_BINS - 1, Math.floor((Math.abs(label) / largest) * NUM_BINS));
      const key = isDiscrete ? label : size * Math.sign(label);
      const bin = bins.get(key);
      if (bin) bin.push(index);
      else bins.set(key, [index]);
    }
    return [...bins.values()];
  }
}
