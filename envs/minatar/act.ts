import { type Game, type GameRandom, SHARED } from "./game.ts";

const { LAST_ACTION, TERMINAL } = SHARED;

/** What makes a game harder. */
export interface Difficulty {
  /** Chance in [0, 1] that a step repeats the action executed before instead of the one given. */
  readonly stickyActionProb: number;
  /** Whether enemies become faster as the game goes on (Asterix, Seaquest, Space Invaders). */
  readonly difficultyRamping: boolean;
}

/** Harder by default, as all published results are. */
export const DEFAULT_DIFFICULTY: Difficulty = { stickyActionProb: 0.1, difficultyRamping: true };

/**
 * One frame with sticky actions: always draws one number, then plays the given action or the last executed one; returns the reward.
 * After the end of an episode the game stands still and the reward is 0.
 */
export function act(game: Game, state: Int32Array, action: number, difficulty: Difficulty, random: GameRandom): number {
  const executed = random.random() < difficulty.stickyActionProb ? state[LAST_ACTION]! : action;
  state[LAST_ACTION] = executed;
  return state[TERMINAL] === 1 ? 0 : game.step(state, executed, difficulty.difficultyRamping, random);
}
