import { hashUnit } from "./hash.ts";
import type { Look } from "./look.ts";

/** Entries of a shadow table, and entries per metre of road as a power of two. */
export const SHADOW_SIZE = 512;
export const SHADOW_BITS = 1;

const ease = (t: number): number => t * t * (3 - 2 * t);

/** Noise that repeats after SHADOW_SIZE entries, with cells of `cell` entries. */
function waves(seed: number, at: number, cell: number, stream: number): number {
  const numCells = SHADOW_SIZE / cell;
  const i = Math.floor(at / cell);
  const left = hashUnit(seed, i % numCells, stream);
  return left + ease(at / cell - i) * (hashUnit(seed, (i + 1) % numCells, stream) - left);
}

/** Writes how deep in shadow each stretch of road lies, 0 sun to 255 shade: the look's share of it, in bars of some metres with soft edges. */
export function fillShadows(shadow: Uint8Array, look: Look): void {
  const density = Float64Array.from(
    shadow,
    (_, i) => 0.7 * waves(look.seed, i, 16, 20) + 0.3 * waves(look.seed, i, 4, 21),
  );
  const sorted = density.slice().sort();
  const border = sorted[Math.floor((1 - look.shadowShare) * (SHADOW_SIZE - 1))]!;
  for (let i = 0; i < SHADOW_SIZE; i++) {
    shadow[i] = 255 * ease(Math.max(0, Math.min(1, 0.5 + 10 * (density[i]! - border))));
  }
}
