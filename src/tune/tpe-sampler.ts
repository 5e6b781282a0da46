import type { Generator } from "gymnasium-js";
import { type Dimension, type Parameters, type SearchSpace, placeOf, valueAt, valuesAt } from "./search-space.ts";
import { type Trial, ranked } from "./trial.ts";

/** Trials drawn at random before the sampler learns from them. */
export const RANDOM_TRIALS = 10;
/** Share of trials that count as good, and most of them. */
const GOOD_SHARE = 0.15;
const MOST_GOOD = 25;
/** Candidates drawn per dimension; the one that speaks most for being good is taken. */
const CANDIDATES = 24;

/**
 * Parameters for the next trial by the tree-structured Parzen estimator: each dimension's values of good trials and of all others make two
 * densities, and of some values drawn from the good one the largest ratio wins. Trials that still run count among the others, so that
 * parallel ones spread out.
 *
 * Source: Bergstra et al. 2011, "Algorithms for hyper-parameter optimization". Random before `RANDOM_TRIALS` have ended.
 */
export function suggestTpe(space: SearchSpace, trials: readonly Trial[], rng: Generator): Parameters {
  const order = ranked(trials);
  if (order.length < RANDOM_TRIALS) return suggestRandom(space, rng);
  const numGood = Math.min(MOST_GOOD, Math.ceil(GOOD_SHARE * order.length));
  const good = order.slice(0, numGood);
  const others = trials.filter((trial) => !good.includes(trial));
  return Object.fromEntries(
    Object.entries(space).map(([path, dimension]) => {
      const valuesOf = (group: readonly Trial[]): unknown[] => group.map(({ parameters }) => parameters[path]);
      return [path, best(dimension, valuesOf(good), valuesOf(others), rng)];
    }),
  );
}

/** Parameters drawn evenly over the space. */
export const suggestRandom = (space: SearchSpace, rng: Generator): Parameters => valuesAt(space, () => rng.random());

function best(dimension: Dimension, good: readonly unknown[], others: readonly unknown[], rng: Generator) {
  return dimension.kind === "choice"
    ? bestChoice(dimension.options, good, others)
    : bestNumber(dimension, good as readonly number[], others as readonly number[], rng); // values of this dimension
}

/** Counts with one more of each, as the prior. */
function bestChoice<T>(options: readonly T[], good: readonly unknown[], others: readonly unknown[]): T {
  const share = (values: readonly unknown[], option: T): number => {
    const count = values.filter((value) => JSON.stringify(value) === JSON.stringify(option)).length;
    return (count + 1) / (values.length + options.length);
  };
  const ratios = options.map((option) => share(good, option) / share(others, option));
  return options[ratios.indexOf(Math.max(...ratios))]!; // there is at least one
}

function bestNumber(
  dimension: Extract<Dimension, { kind: "range" }>,
  good: readonly number[],
  others: readonly number[],
  rng: Generator,
) {
  const place = (value: number): number => placeOf(dimension, value);
  const [likely, unlikely] = [parzen(good.map(place)), parzen(others.map(place))];
  const candidates = Array.from({ length: CANDIDATES }, () => draw(likely, rng));
  const ratios = candidates.map((at) => density(likely, at) / density(unlikely, at));
  return valueAt(dimension, candidates[ratios.indexOf(Math.max(...ratios))]!);
}

/** Normal distributions on [0, 1], all of equal weight. */
type Mixture = readonly { readonly mean: number; readonly width: number }[];

/** One normal per point, as wide as the larger gap to its neighbours, and a wide one over everything as the prior. */
function parzen(points: readonly number[]): Mixture {
  const prior = { mean: 0.5, width: 1 };
  const sorted = [...points, prior.mean].toSorted((a, b) => a - b);
  const least = 1 / Math.min(100, 1 + sorted.length);
  const width = (mean: number): number => {
    const at = sorted.indexOf(mean);
    const gap = Math.max(mean - (sorted[at - 1] ?? 0), (sorted[at + 1] ?? 1) - mean);
    return Math.min(1, Math.max(gap, least));
  };
  return [...points.map((mean) => ({ mean, width: width(mean) })), prior];
}

/** One draw inside [0, 1]. */
function draw(mixture: Mixture, rng: Generator): number {
  const { mean, width } = mixture[Math.floor(rng.random() * mixture.length)]!; // the prior is always there
  for (;;) {
    const at = mean + width * rng.standardNormal();
    if (at >= 0 && at < 1) return at;
  }
}

/** Density at a place, each normal cut to [0, 1]. */
function density(mixture: Mixture, at: number): number {
  const parts = mixture.map(({ mean, width }) => {
    const z = (at - mean) / width;
    const inside = normalCdf((1 - mean) / width) - normalCdf(-mean / width);
    return Math.exp(-0.5 * z * z) / (width * inside);
  });
  return parts.reduce((a, b) => a + b, 0) / parts.length;
}

/** Normal distribution function, by the logistic approximation of Bowling et al. 2009; error below 1.5e-4. */
const normalCdf = (z: number): number => 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)));
