import { type Env, type Game, WorldEnv, minatarGames, unwrapped } from "gymnasium-js";
import { EnvError } from "../../src/errors.ts";

/** What a scripted player of a MinAtar game sees: everything. */
export interface Position {
  readonly game: Game;
  /** The game's state itself: copy before changing. */
  readonly state: Int32Array;
  /** Chance that a step repeats the action executed before. */
  readonly stickyActionProb: number;
  /** Index in the env's action space of an action 0..5 of the full set; that of the no-op where the env lacks it. */
  indexOf(action: number): number;
}

const DEFAULT_STICKY_PROB = 0.1;

/**
 * The position of a MinAtar env, also of one seen through pictures.
 *
 * @throws EnvError where the env is another world or was not reset
 */
export function readPosition(env: Env, expert: string, gameName: string): Position {
  const game = minatarGames.find(({ name }) => name === gameName)!;
  const inner = unwrapped(env);
  const held: unknown = inner instanceof WorldEnv ? inner.state : null;
  const state = isFramesState(held) ? held.inner : held;
  const isOther = !(inner instanceof WorldEnv) || inner.world.name.replace(/Frames$/, "") !== gameName;
  if (isOther || !(state instanceof Int32Array)) {
    throw new EnvError(
      "wrong-world",
      `${expert}: expected a MinAtar ${gameName} env that was reset, got ${String(env)}`,
    );
  }
  const sticky: unknown = env.spec?.kwargs["stickyActionProb"];
  const actions = String(env.actionSpace) === "Discrete(6)" ? [0, 1, 2, 3, 4, 5] : game.minimalActions;
  return {
    game,
    state,
    stickyActionProb: typeof sticky === "number" ? sticky : DEFAULT_STICKY_PROB,
    indexOf: (action) => Math.max(0, actions.indexOf(action)),
  };
}

function isFramesState(held: unknown): held is { readonly inner: unknown } {
  return typeof held === "object" && held !== null && "inner" in held && "stack" in held;
}
