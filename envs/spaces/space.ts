import type { Seed } from "../env.ts";
import type { Generator } from "../random/generator.ts";
import type { DType } from "./dtype.ts";

/** How `sample` is restricted or weighted, as in Gymnasium; the form depends on the space. At most one of the two. */
export interface SampleOptions {
  /** Which values may come. */
  readonly mask?: unknown;
  /** How likely each value is. */
  readonly probability?: unknown;
}

/** Seeds of a space: one integer, or for composite spaces one for each part. */
export type SpaceSeed = Seed | readonly (SpaceSeed | null)[] | { readonly [key: string]: SpaceSeed };

/** A set of values that observations or actions come from: `gymnasium.Space`. */
export interface Space<T = unknown> {
  /** Shape of one value, or null where values are not arrays. */
  readonly shape: readonly number[] | null;
  /** Element type of one value, or null where values are not arrays or numbers. */
  readonly dtype: DType | null;
  /** Whether values can be flattened into one array of fixed size. */
  readonly isFlattenable: boolean;
  /** The space's own generator; made from fresh entropy on first use unless seeded. */
  random: Generator;
  /** Draws one value with the space's own generator. */
  sample(options?: SampleOptions): T;
  /** Whether a value is one of the space's. */
  contains(value: unknown): value is T;
  /** Seeds the space's own generator (and those of its parts); returns the seeds used. */
  seed(seed?: SpaceSeed): unknown;
  /** Values as JSON data. */
  toJson(values: readonly T[]): unknown;
  /** The values that `toJson` made JSON data of. Throws ValueError on anything else. */
  fromJson(data: unknown): T[];
  /** Whether the other space holds exactly the same values. */
  equals(other: unknown): boolean;
  /** Short text, such as `Box(-1.0, 1.0, (2,), float32)`. */
  toString(): string;
}
