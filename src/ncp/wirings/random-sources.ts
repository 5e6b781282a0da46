import { RandomState, defaultRng } from "gymnasium-js";
import type { IntegerSource } from "./integer-source.ts";

/** Draws of numpy's `RandomState(seed)`, which `NCP` and its kin use. Seed in 0 .. 2^32 - 1. */
export function legacySource(seed: number): IntegerSource {
  const random = new RandomState(seed);
  // a sample is the start of a full shuffle, whose cost does not depend on k
  return { below: (n) => random.randint(n), sample: (n, k) => random.permutation(n).slice(0, k) };
}

/** Draws of numpy's `default_rng(seed)`, which `FullyConnected` and `Random` use. Any non-negative integer seed. */
export function generatorSource(seed: number): IntegerSource {
  const random = defaultRng(seed);
  return {
    below: (n) => random.integers(n),
    sample: (n, k) => (k === 0 ? [] : random.choiceArray(n, k, { replace: false })),
  };
}
