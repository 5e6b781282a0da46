/** A stretch of one series, thinned for drawing. */
export interface Decimated {
  readonly x: number[];
  /** one list per series, as long as `x`; null where there is no number */
  readonly y: (number | null)[][];
}

/** One series: element t of column `offset` among `stride`. */
export interface SeriesData {
  readonly values: Float32Array;
  readonly stride: number;
  readonly offset: number;
}

/**
 * Steps [from, to] of several series with at most about 4 × `buckets` points: where there are more, each bucket keeps the lowest and the
 * highest value of every series, so that no peak is lost.
 */
export function decimate(series: readonly SeriesData[], from: number, to: number, buckets: number): Decimated {
  const first = Math.max(0, Math.floor(from));
  const lengths = series.map((s) => Math.floor(s.values.length / s.stride));
  const last = Math.min(Math.max(0, ...lengths) - 1, Math.ceil(to));
  const count = last - first + 1;
  if (count <= buckets * 4) return plain(series, first, last);
  const x: number[] = [];
  const y: (number | null)[][] = series.map(() => []);
  for (let b = 0; b < buckets; b++) {
    const start = first + Math.floor((b * count) / buckets);
    const end = first + Math.floor(((b + 1) * count) / buckets);
    x.push(start, start + (end - start) / 2);
    series.forEach((s, k) => y[k]?.push(...extremes(s, start, end)));
  }
  return { x, y };
}

function plain(series: readonly SeriesData[], first: number, last: number): Decimated {
  const x: number[] = [];
  for (let t = first; t <= last; t++) x.push(t);
  return { x, y: series.map((s) => x.map((t) => at(s, t))) };
}

function at({ values, stride, offset }: SeriesData, t: number): number | null {
  const v = values[t * stride + offset];
  return v === undefined || Number.isNaN(v) ? null : v;
}

/** Lowest and highest value in [start, end), in the order they come. */
function extremes(s: SeriesData, start: number, end: number): [number | null, number | null] {
  let [low, high, lowAt, highAt] = [Infinity, -Infinity, 0, 0];
  for (let t = start; t < end; t++) {
    const v = at(s, t);
    if (v === null) continue;
    if (v < low) [low, lowAt] = [v, t];
    if (v > high) [high, highAt] = [v, t];
  }
  if (low === Infinity) return [null, null];
  return lowAt <= highAt ? [low, high] : [high, low];
}
