/** Episodes that a shard remembers for its running mean. */
export const MEMORY = 100;

/** Returns and lengths of a shard's running episodes and of its last ones. */
export class EpisodeStatistics {
  /** [N] */
  readonly runningReturn: Float64Array;
  /** [N] */
  readonly runningLength: Float64Array;
  /** rings of the last `MEMORY` episodes */
  readonly returns = new Float64Array(MEMORY);
  readonly lengths = new Float64Array(MEMORY);
  /** episodes ended so far */
  numEpisodes = 0;

  constructor(N: number) {
    this.runningReturn = new Float64Array(N);
    this.runningLength = new Float64Array(N);
  }

  /** Takes in one step of env n. */
  add(n: number, reward: number, done: boolean): void {
    this.runningReturn[n]! += reward;
    this.runningLength[n]!++;
    if (!done) return;
    this.returns[this.numEpisodes % MEMORY] = this.runningReturn[n]!;
    this.lengths[this.numEpisodes % MEMORY] = this.runningLength[n]!;
    this.numEpisodes++;
    this.runningReturn[n] = 0;
    this.runningLength[n] = 0;
  }

  /** Episodes in memory, the sum of their returns and the sum of their lengths. */
  sums(): readonly [count: number, returns: number, lengths: number] {
    const count = Math.min(this.numEpisodes, MEMORY);
    let returns = 0;
    let lengths = 0;
    for (let i = 0; i < count; i++) {
      returns += this.returns[i]!;
      lengths += this.lengths[i]!;
    }
    return [count, returns, lengths];
  }
}
