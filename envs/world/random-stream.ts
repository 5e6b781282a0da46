/** A random stream whose state can be stored. `Generator` and `RandomState` are two. */
export interface RandomStream {
  /** Number of 32-bit words of the state. */
  readonly numStateWords: number;
  /** Copies the state into `words` from `at` on. */
  saveState(words: Uint32Array, at?: number): void;
  /** Takes a state that `saveState` wrote. Throws, unchanged, if it cannot be one. */
  loadState(words: Uint32Array, at?: number): void;
}
