import { BREAKOUT, type Env, type Game, MINATAR } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { readPosition } from "./minatar-position.ts";

const { NOOP, LEFT, RIGHT, GRID } = MINATAR;
const { BALL_DIR, BALL_X, BALL_Y, PADDLE_X } = BREAKOUT;

const CHOICES: readonly number[] = [NOOP, LEFT, RIGHT];
const STEPS: readonly number[] = [0, -1, 1];
/** Flights looked ahead when choosing between the two ways to catch a ball. */
const DEPTH = 4;
/** What still having the ball after these flights is worth, in bricks. */
const KEPT = 100;
/** Bricks a frame later count this much. */
const DISCOUNT = 0.99;
/** No flight is longer than this: the ball always comes down. */
const LONGEST_FLIGHT = 500;

/**
 * Breakout by looking ahead: the ball's flight does not depend on the paddle, so it is played out to the next landing. There a ball can be
 * caught in the column it comes from (it turns up) or the one it goes to (it turns back); which of the two breaks more bricks is searched
 * a few flights deep. The paddle's way there maximises the expected worth, sticky actions included.
 */
export const minatarBreakout: Expert = {
  name: "look-ahead",
  summary: "plays the ball's flight out and goes where catching it breaks the most bricks",
  worlds: ["Breakout"],
  act(env: Env): number {
    const { game, state, stickyActionProb, indexOf } = readPosition(env, "look-ahead", "Breakout");
    const landing = state.slice();
    const flight = fly(game, landing);
    const worth = worthOf(game, landing, stickyActionProb);
    const values = pathValues(worth, flight.frames, stickyActionProb, state[PADDLE_X]!);
    return indexOf(CHOICES[values.indexOf(Math.max(...values))]!);
  },
};

/** The landing searched last: all frames of a flight lead to the same one, wherever the paddle is. */
let searched: { readonly landing: string; readonly worth: Float64Array } = {
  landing: "",
  worth: new Float64Array(GRID),
};

/** `catchWorth` of a landing, searched once in a flight. */
function worthOf(game: Game, landing: Int32Array, p: number): Float64Array {
  landing[PADDLE_X] = 0; // decides nothing before the landing
  const key = `${p}:${landing.join()}`;
  if (key !== searched.landing) searched = { landing: key, worth: catchWorth(game, landing, p, DEPTH, 1) };
  return searched.worth;
}

/** Plays a state on, in place, until the next frame decides whether the ball is caught. */
function fly(game: Game, state: Int32Array): { readonly frames: number; readonly bricks: number } {
  let [frames, bricks] = [0, 0];
  while (!(state[BALL_Y] === GRID - 2 && state[BALL_DIR]! >= 2)) {
    bricks += game.step(state, NOOP, false, NO_RANDOM);
    if (++frames > LONGEST_FLIGHT) throw new Error("internal: the ball does not come down");
  }
  return { frames, bricks };
}

/** Breakout draws nothing while it is played. */
const NO_RANDOM = {
  random: (): number => 0,
  randint: (low: number): number => low,
};

/** Expected worth of having the paddle in each column when the ball lands, [10]: 0 where it is missed. */
function catchWorth(game: Game, landing: Int32Array, p: number, depth: number, weight: number): Float64Array {
  const worth = new Float64Array(GRID);
  for (const column of catchColumns(landing)) worth[column] = worthOfCatch(game, landing, column, p, depth, weight);
  return worth;
}

/** The column the ball comes from and the one it goes to. */
function catchColumns(landing: Int32Array): readonly number[] {
  const from = landing[BALL_X]!;
  const to = from + (landing[BALL_DIR] === 2 ? 1 : -1);
  return to < 0 || to >= GRID ? [from] : [from, to];
}

/** Bricks of the next `depth` flights after catching the ball in a column, each counting `weight`, and `KEPT` if it is kept all along. */
function worthOfCatch(
  game: Game,
  landing: Int32Array,
  column: number,
  p: number,
  depth: number,
  weight: number,
): number {
  if (depth === 0) return KEPT;
  const state = landing.slice();
  state[PADDLE_X] = column;
  game.step(state, NOOP, false, NO_RANDOM);
  const { frames, bricks } = fly(game, state);
  const later = weight * DISCOUNT ** frames;
  const next = pathValues(catchWorth(game, state, p, depth - 1, later), frames, p, column);
  return later * bricks + Math.max(...next);
}

/** Expected worth of playing each choice now, with `frames` more frames before the one that decides. */
function pathValues(worth: Float64Array, frames: number, p: number, paddle: number): number[] {
  // later[x, last]: expected worth before a frame with the paddle in column x and the last choice executed.
  let later = Float64Array.from({ length: GRID * CHOICES.length }, (_, i) => worth[Math.floor(i / CHOICES.length)]!);
  for (let frame = frames; frame > 0; frame--) {
    const now = new Float64Array(later.length);
    for (let x = 0; x < GRID; x++) {
      const values = choiceValues(later, x);
      const best = Math.max(...values);
      values.forEach((value, last) => (now[x * CHOICES.length + last] = p * value + (1 - p) * best));
    }
    later = now;
  }
  return choiceValues(later, paddle);
}

/** Worth of each choice when it really is played: the paddle moves, then the frame goes on. */
function choiceValues(later: Float64Array, x: number): number[] {
  return STEPS.map((step, choice) => later[Math.min(GRID - 1, Math.max(0, x + step)) * CHOICES.length + choice]!);
}
