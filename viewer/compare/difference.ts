import { valueAt, type Quantity } from "../chart/quantities.ts";
import type { Episode } from "../episode/episode.ts";

/** How far a quantity of `other` is from that of `first`, step by step; NaN where one of them is over or has no such number. */
export function difference(quantity: Quantity, first: Episode, other: Episode): Float32Array {
  const [a, b] = [quantity.of(first), quantity.of(other)];
  const both = Math.min(first.length, other.length);
  const isShared = a.stride === b.stride; // else they are of different kinds, and columns mean different things
  return Float32Array.from({ length: Math.max(first.length, other.length) }, (_, t) =>
    isShared && t < both ? valueAt(b, t) - valueAt(a, t) : NaN,
  );
}
