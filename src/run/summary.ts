/** Mean, spread and range of some numbers. */
export interface Summary {
  readonly mean: number;
  /** population standard deviation, as numpy and the usual evaluation tables have it */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** 95 % confidence interval of the mean (Student's t); null for fewer than two numbers */
  readonly ci95: readonly [lo: number, hi: number] | null;
}

/** Sums up numbers. Throws RangeError on an empty list. */
export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  if (n === 0) throw new RangeError("internal: nothing to sum up");
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const squares = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  const half = n < 2 ? null : tQuantile975(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return {
    mean,
    std: Math.sqrt(squares / n),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
    ci95: half === null ? null : [mean - half, mean + half],
  };
}

const tTable = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];

/**
 * 97.5 % quantile of Student's t with `df` ≥ 1 degrees of freedom, to about 1e-4: tabled up to 10, then the expansion in 1/df
 * (Abramowitz and Stegun 26.7.5).
 */
export function tQuantile975(df: number): number {
  const z = 1.959964;
  return (
    tTable[df - 1] ??
    z +
      (z ** 3 + z) / (4 * df) +
      (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2) +
      (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * df ** 3)
  );
}
