import type { Seed } from "../env.ts";

/** A set of values that observations or actions come from. */
export interface Space<T = unknown> {
  /** Shape of one value, or null where values are not arrays. */
  readonly shape: readonly number[] | null;
  /** Draws one value with the space's own generator. */
  sample(): T;
  contains(value: unknown): value is T;
  /** Seeds the space's own generator. */
  seed(seed?: Seed): unknown;
}
