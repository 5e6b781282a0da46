import { InvalidSeed } from "../errors.ts";
import type { Seed } from "../env.ts";

/** The seed as a BigInt. Throws InvalidSeed unless it is a non-negative integer that a number holds exactly, or a BigInt. */
export function checkSeed(seed: Seed): bigint {
  if (typeof seed === "bigint" ? seed >= 0n : Number.isSafeInteger(seed) && seed >= 0) return BigInt(seed);
  const came = typeof seed === "bigint" ? `${seed}n` : String(seed);
  throw new InvalidSeed(
    `seed: got ${came} (${typeof seed}), expected a non-negative integer (number up to 2^53 - 1, or BigInt)`,
  );
}

/** Little-endian 32-bit words of a non-negative integer; 0 gives one word. */
export function wordsOf(value: Seed): number[] {
  let rest = checkSeed(value);
  const words: number[] = [];
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}

/** 128 random bits from the platform, for unseeded generators. */
export function freshEntropy(): bigint {
  const words = globalThis.crypto.getRandomValues(new Uint32Array(4));
  return words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
}
