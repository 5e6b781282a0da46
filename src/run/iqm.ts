/**
 * Interquartile mean: the mean of the middle half, with fractional weights at its ends, so that a run gone wrong neither rules nor vanishes.
 *
 * Source: Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice". Throws RangeError on an empty list.
 */
export function iqm(values: readonly number[]): number {
  const n = values.length;
  if (n === 0) throw new RangeError("internal: nothing to average");
  const sorted = values.toSorted((a, b) => a - b);
  const [from, to] = [n / 4, (3 * n) / 4];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += sorted[i]! * Math.max(0, Math.min(i + 1, to) - Math.max(i, from));
  return sum / (to - from);
}
