import type { Seed } from "../env.ts";
import type { Generator } from "../random/generator.ts";
import type { DType } from "./dtype.ts";

/** How `sample` is restricted or weighted; the form depends on the space. At most one of the two. */
export interface SampleOptions {
  readonly mask?: unknown;
  readonly probability?: unknown;
}

/** Seeds of a space: one integer, or for composite spaces one for each part. */
export type SpaceSeed = Seed | readonly (SpaceSeed | null)[] | { readonly [key: string]: SpaceSeed };

/** A set of values that observations or actions come from. */
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
  contains(value: unknown): value is T;
  /** Seeds the space's own generator (and those of its parts); returns the seeds used. */
  seed(seed?: SpaceSeed): unknown;
  /** Values as JSON data, and back. */
  toJson(values: readonly T[]): unknown;
  fromJson(data: unknown): T[];
  /** Whether the other space holds exactly the same values. */
  equals(other: unknown): boolean;
  toString(): string;
}
