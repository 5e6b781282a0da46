import type { Seed } from "../env.ts";
import { freshEntropy, wordsOf } from "./entropy.ts";

const POOL_SIZE = 4;
const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;

/**
 * Turns one seed into a tree of independent random streams, exactly as numpy.random.SeedSequence does.
 *
 * `entropy` is a non-negative integer or a list of them; omitted, it is taken from the platform. All arithmetic is uint32.
 */
export class SeedSequence {
  /** What it was made from. */
  readonly entropy: Seed | readonly Seed[];
  /** Its place in the tree: child numbers from the root on. */
  readonly spawnKey: readonly number[];
  /** The mixed pool, [4]. */
  readonly pool: Uint32Array;
  #numSpawned = 0;

  constructor(entropy: Seed | readonly Seed[] = freshEntropy(), spawnKey: readonly number[] = []) {
    this.entropy = entropy;
    this.spawnKey = [...spawnKey];
    this.pool = mixPool(assembleEntropy(entropy, this.spawnKey));
  }

  /** `numWords` well-mixed uint32. The same for every call. */
  generateState(numWords: number): Uint32Array {
    const state = new Uint32Array(numWords);
    let hash = INIT_B;
    for (let i = 0; i < numWords; i++) {
      let value = this.pool[i % POOL_SIZE]! ^ hash;
      hash = Math.imul(hash, MULT_B);
      value = Math.imul(value, hash);
      state[i] = value ^ (value >>> 16);
    }
    return state;
  }

  /** `numChildren` new children; the index goes on over calls. */
  spawn(numChildren: number): SeedSequence[] {
    const first = this.#numSpawned;
    this.#numSpawned += numChildren;
    return Array.from({ length: numChildren }, (_, i) => new SeedSequence(this.entropy, [...this.spawnKey, first + i]));
  }
}

function assembleEntropy(entropy: Seed | readonly Seed[], spawnKey: readonly number[]): number[] {
  const words = typeof entropy === "object" ? entropy.flatMap(wordsOf) : wordsOf(entropy);
  while (spawnKey.length > 0 && words.length < POOL_SIZE) words.push(0);
  return [...words, ...spawnKey.flatMap(wordsOf)];
}

function mixPool(words: readonly number[]): Uint32Array {
  const pool = new Uint32Array(POOL_SIZE);
  let hash = INIT_A;
  const hashmix = (word: number): number => {
    let value = word ^ hash;
    hash = Math.imul(hash, MULT_A);
    value = Math.imul(value, hash);
    return value ^ (value >>> 16);
  };
  const mix = (x: number, y: number): number => {
    const value = (Math.imul(x, MIX_LEFT) - Math.imul(y, MIX_RIGHT)) | 0;
    return value ^ (value >>> 16);
  };
  for (let i = 0; i < POOL_SIZE; i++) pool[i] = hashmix(words[i] ?? 0);
  for (let source = 0; source < POOL_SIZE; source++) {
    for (let i = 0; i < POOL_SIZE; i++) if (i !== source) pool[i] = mix(pool[i]!, hashmix(pool[source]!));
  }
  for (const word of words.slice(POOL_SIZE)) {
    for (let i = 0; i < POOL_SIZE; i++) pool[i] = mix(pool[i]!, hashmix(word));
  }
  return pool;
}
