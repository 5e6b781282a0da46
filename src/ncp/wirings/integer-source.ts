/** The draws a wiring makes: uniform integers and samples without replacement, from one continuing stream. */
export interface IntegerSource {
  /** Uniform integer in 0 .. n - 1; consumes nothing when n is 1. */
  below(n: number): number;
  /** k distinct integers of 0 .. n - 1, in drawn order. */
  sample(n: number, k: number): ArrayLike<number>;
}
