import type { Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import { checkSeed } from "../random/entropy.ts";
import { RandomState } from "../random/random-state.ts";
import { SeedSequence } from "../random/seed-sequence.ts";
import type { RandomStream } from "../world/random-stream.ts";
import type { GameRandom } from "./game.ts";

const NUM_ACTIONS = 6;

/** What outlives an episode of a game: the random numbers, and the action executed last, which a sticky step repeats. */
export class GameStream implements RandomStream, GameRandom {
  /** 0 (no-op) at first; a new episode does not clear it. */
  lastAction = 0;
  readonly #random: RandomState;

  /** Throws InvalidSeed unless `seed` is a non-negative integer. Seeds that MT19937 cannot take (2^32 and more) are hashed to 32 bits. */
  constructor(seed: Seed) {
    const isSmall = checkSeed(seed) <= 0xffffffffn;
    this.#random = new RandomState(isSmall ? Number(seed) : new SeedSequence(seed).generateState(1)[0]!);
  }

  random(): number {
    return this.#random.random();
  }

  randint(low: number, high: number): number {
    return this.#random.randint(low, high);
  }

  get numStateWords(): number {
    return this.#random.numStateWords + 1;
  }

  saveState(words: Uint32Array, at = 0): void {
    words[at] = this.lastAction;
    this.#random.saveState(words, at + 1);
  }

  loadState(words: Uint32Array, at = 0): void {
    const lastAction = words[at] ?? NUM_ACTIONS;
    if (lastAction >= NUM_ACTIONS) throw new ValueError(`game stream: the last action is ${lastAction}, expected 0..5`);
    this.#random.loadState(words, at + 1);
    this.lastAction = lastAction;
  }
}
