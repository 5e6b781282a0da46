import type { Bitmap, Frame } from "../frame.ts";

/** Where a game's randomness comes from: numpy's legacy `RandomState`, which `RandomState` of this package repeats. */
export interface GameRandom {
  /** Uniform in [0, 1). */
  random(): number;
  /** Uniform integer in [low, high). */
  randint(low: number, high: number): number;
}

/** What a game draws with: sprites around their centre, in grid cells, y downwards. */
export interface SpritePainter {
  /** Draws a bitmap, scaled to width × height cells, around (x, y). */
  sprite(bitmap: Bitmap, x: number, y: number, width: number, height: number): void;
}

/** Rows and columns of every game. */
const SIZE = 10;

// Games take these apart into constants of their own file (`const { LEFT, RIGHT } = SHARED`): V8 looks imported bindings up anew at every
// use, which in these loops costs more than the work itself.
/**
 * Numbers that all MinAtar games share: size of the grid, the six actions of the full set, and the first words of a state (`TERMINAL` is 1
 * after the end of the episode; what is a game's own begins at `OWN`).
 */
export const SHARED = {
  GRID: SIZE,
  // Actions of the full set.
  NOOP: 0,
  LEFT: 1,
  UP: 2,
  RIGHT: 3,
  DOWN: 4,
  FIRE: 5,
  // The first word of every state is 1 after the end of the episode; what is a game's own begins at OWN.
  TERMINAL: 0,
  OWN: 1,
} as const;

/** The six actions of the full set, in order. */
export const ACTION_NAMES = ["noop", "left", "up", "right", "down", "fire"] as const;

/** The part of the world a game's picture shows: the whole grid. */
export const GRID_VIEW: Frame["view"] = { x: 0, y: 0, width: SIZE, height: SIZE };

/**
 * A MinAtar game (Young and Tian 2019, arXiv:1903.03176) as pure functions over one state of `stateSize` integers. They allocate nothing and
 * draw only from `random`. `make("MinAtar/Breakout-v1")` gives the environment.
 *
 * `step` knows nothing of sticky actions; the environments add them.
 */
export interface Game {
  /** Name in ids: `MinAtar/<name>-v0`. */
  readonly name: string;
  /** What each observation channel marks. */
  readonly channels: readonly string[];
  /** Actions of the full set that do something, for the -v1 ids. */
  readonly minimalActions: readonly number[];
  /** Number of integers in a state. */
  readonly stateSize: number;
  /** Starts an episode. */
  reset(state: Int32Array, random: GameRandom): void;
  /**
   * Advances one frame with an action 0..5 and returns the reward; sets `state[TERMINAL]` at the end of an episode. `isRamping`: whether the
   * game gets harder as it goes on.
   */
  step(state: Int32Array, action: number, isRamping: boolean, random: GameRandom): number;
  /** Writes the observation, [10, 10, channels] of 0 and 1, into `obs` from `at` on. */
  observe(state: Int32Array, obs: Uint8Array, at: number): void;
  /** Whether a state could have come from `reset` and `step`: everything on the grid, counts and kinds in range. */
  isPossible(state: Int32Array): boolean;
  /** Draws the state as a picture of the whole grid, 10 × 10. */
  paint(state: Int32Array, painter: SpritePainter): void;
}

/** Whether word `word` lies in [low, high]. */
export function isWithin(state: Int32Array, word: number, low: number, high: number): boolean {
  return state[word]! >= low && state[word]! <= high;
}
