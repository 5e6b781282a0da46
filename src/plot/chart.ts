/** One line of a chart, with a band around it where there is an uncertainty. */
export interface Series {
  readonly label: string;
  /** ascending */
  readonly x: readonly number[];
  /** as many as x */
  readonly y: readonly number[];
  /** edges of the band, as many as x; null: no band */
  readonly band: { readonly low: readonly number[]; readonly high: readonly number[] } | null;
}

/** A value that lines are compared with, such as a published result. */
export interface ReferenceLine {
  readonly label: string;
  readonly y: number;
}

/** Lines over a common horizontal axis. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  readonly references?: readonly ReferenceLine[];
}

/** The smallest and largest values that a chart shows; a range of no width is widened. */
export function chartRange({ series, references = [] }: Chart): {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
} {
  const xs = series.flatMap(({ x }) => x);
  const ys = series.flatMap(({ y, band }) => [...y, ...(band === null ? [] : [...band.low, ...band.high])]);
  return { x: range(xs), y: range([...ys, ...references.map(({ y }) => y)]) };
}

function range(values: readonly number[]): readonly [number, number] {
  const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  if (!(low <= high)) return [0, 1]; // nothing to show
  return low === high ? [low - 1, high + 1] : [low, high];
}
