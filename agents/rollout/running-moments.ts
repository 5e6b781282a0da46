/** Count, mean and sum of squared deviations of D columns in float64, updated by merging (Chan et al. 1979). */
export class RunningMoments {
  readonly mean: Float64Array;
  /** sum of squared deviations from the mean */
  readonly m2: Float64Array;
  count = 0;

  constructor(D: number) {
    this.mean = new Float64Array(D);
    this.m2 = new Float64Array(D);
  }

  /** Takes in one row: D numbers of `row` from index `o` on. */
  add(row: ArrayLike<number>, o: number): void {
    this.count++;
    for (let d = 0; d < this.mean.length; d++) {
      const delta = row[o + d]! - this.mean[d]!;
      this.mean[d]! += delta / this.count;
      this.m2[d]! += delta * (row[o + d]! - this.mean[d]!);
    }
  }

  /** Takes in everything another one has seen, given as count, means and sums of squared deviations. */
  merge(count: number, mean: ArrayLike<number>, m2: ArrayLike<number>): void {
    if (count === 0) return;
    const total = this.count + count;
    for (let d = 0; d < this.mean.length; d++) {
      const delta = mean[d]! - this.mean[d]!;
      this.mean[d]! += (delta * count) / total;
      this.m2[d]! += m2[d]! + (delta * delta * this.count * count) / total;
    }
    this.count = total;
  }

  clear(): void {
    this.count = 0;
    this.mean.fill(0);
    this.m2.fill(0);
  }

  /** Population variance of column d; 1 before two rows were seen, so that scaling by it changes nothing. */
  variance(d: number): number {
    return this.count < 2 ? 1 : this.m2[d]! / this.count;
  }
}
