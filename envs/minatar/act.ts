import { type Game, SHARED } from "./game.ts";
import type { GameStream } from "./game-stream.ts";

const { TERMINAL } = SHARED;

/** What makes a game harder. */
export interface Difficulty {
  /** Chance in [0, 1] that a step repeats the action executed before instead of the one given. */
  readonly stickyActionProb: number;
  /** Whether enemies become faster as the game goes on (Asterix, Seaquest, Space Invaders). */
  readonly difficultyRamping: boolean;
}

/**
 * One frame with sticky actions: always draws one number, then plays the given action (0..5) or the last executed one; returns the reward.
 * After the end of an episode the game stands still and the reward is 0.
 */
export function act(game: Game, state: Int32Array, action: number, difficulty: Difficulty, stream: GameStream): number {
  const executed = stream.random() < difficulty.stickyActionProb ? stream.lastAction : action;
  stream.lastAction = executed;
  return state[TERMINAL] === 1 ? 0 : game.step(state, executed, difficulty.difficultyRamping, stream);
}
