import { PCG64, type SeedSequence } from "gymnasium-js";

/** The order in which a shard's env columns enter minibatches: one permutation per epoch, from the shard's own stream. */
export class MinibatchOrder {
  readonly random: PCG64;
  /** [numEpochs, N] */
  readonly columns: Int32Array;
  readonly #N: number;

  constructor(N: number, numEpochs: number, seed: SeedSequence) {
    this.#N = N;
    this.random = new PCG64(seed);
    this.columns = new Int32Array(N * numEpochs);
  }

  /** Draws the permutations of the next iteration (Fisher-Yates). */
  draw(): void {
    const N = this.#N;
    for (let o = 0; o < this.columns.length; o += N) {
      for (let i = 0; i < N; i++) this.columns[o + i] = i;
      for (let i = N - 1; i > 0; i--) {
        const j = Math.floor(this.random.nextDouble() * (i + 1));
        const kept = this.columns[o + i]!;
        this.columns[o + i] = this.columns[o + j]!;
        this.columns[o + j] = kept;
      }
    }
  }
}
