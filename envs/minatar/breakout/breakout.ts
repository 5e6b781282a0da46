import { type Game, type GameRandom, SHARED, isWithin } from "../game.ts";
import { paintBreakout } from "./paint.ts";
import { BREAKOUT } from "./state.ts";

const { GRID, LEFT, RIGHT, TERMINAL } = SHARED;

const {
  BALL_X,
  BALL_Y,
  BALL_DIR,
  PADDLE_X,
  STRIKE,
  TRAIL_X,
  TRAIL_Y,
  BRICKS,
  STATE_SIZE,
  BRICK_ROWS,
  FIRST_BRICK_ROW,
} = BREAKOUT;

const FULL_ROW = (1 << GRID) - 1;
const LAST = GRID - 1;

// Movement in each of the four directions, and the direction after each kind of bounce.
const STEP_X: readonly number[] = [-1, 1, 1, -1];
const STEP_Y: readonly number[] = [-1, -1, 1, 1];
const OFF_SIDE: readonly number[] = [1, 0, 3, 2];
const OFF_FLAT: readonly number[] = [3, 2, 1, 0];
const OFF_CORNER: readonly number[] = [2, 3, 0, 1];

/** Breakout: keep the ball in play and clear the wall. Rules in this folder's README. */
export const breakout: Game = {
  name: "Breakout",
  channels: ["paddle", "ball", "trail", "brick"],
  minimalActions: [0, LEFT, RIGHT],
  stateSize: STATE_SIZE,
  reset,
  step,
  observe,
  isPossible,
  paint: paintBreakout,
};

function reset(s: Int32Array, random: GameRandom): void {
  const side = random.randint(0, 2);
  s[TERMINAL] = 0;
  s[BALL_X] = s[TRAIL_X] = side === 0 ? 0 : LAST;
  s[BALL_Y] = s[TRAIL_Y] = 3;
  s[BALL_DIR] = side === 0 ? 2 : 3;
  s[PADDLE_X] = 4;
  s[STRIKE] = 0;
  refill(s);
}

function step(s: Int32Array, action: number): number {
  movePaddle(s, action);
  const x = s[BALL_X]!;
  const y = s[BALL_Y]!;
  s[TRAIL_X] = x;
  s[TRAIL_Y] = y;
  let dir = s[BALL_DIR]!;
  let nextX = x + STEP_X[dir]!;
  let nextY = y + STEP_Y[dir]!;
  if (nextX < 0 || nextX > LAST) {
    nextX = nextX < 0 ? 0 : LAST;
    dir = OFF_SIDE[dir]!;
  }
  let reward = 0;
  let isInWall = 0;
  if (nextY < 0) {
    nextY = 0;
    dir = OFF_FLAT[dir]!;
  } else if (hasBrick(s, nextX, nextY)) {
    isInWall = 1;
    if (s[STRIKE] === 0) {
      reward = 1;
      s[BRICKS + nextY - FIRST_BRICK_ROW]! &= ~(1 << nextX);
      nextY = y;
      dir = OFF_FLAT[dir]!;
    }
  } else if (nextY === LAST) {
    if (isCleared(s)) refill(s);
    if (x === s[PADDLE_X]) {
      dir = OFF_FLAT[dir]!;
      nextY = y;
    } else if (nextX === s[PADDLE_X]) {
      dir = OFF_CORNER[dir]!;
      nextY = y;
    } else {
      s[TERMINAL] = 1;
    }
  }
  s[STRIKE] = isInWall;
  s[BALL_X] = nextX;
  s[BALL_Y] = nextY;
  s[BALL_DIR] = dir;
  return reward;
}

function movePaddle(s: Int32Array, action: number): void {
  if (action === LEFT) s[PADDLE_X] = Math.max(0, s[PADDLE_X]! - 1);
  else if (action === RIGHT) s[PADDLE_X] = Math.min(LAST, s[PADDLE_X]! + 1);
}

function hasBrick(s: Int32Array, x: number, y: number): boolean {
  const row = y - FIRST_BRICK_ROW;
  return row >= 0 && row < BRICK_ROWS && ((s[BRICKS + row]! >> x) & 1) === 1;
}

function isCleared(s: Int32Array): boolean {
  return (s[BRICKS]! | s[BRICKS + 1]! | s[BRICKS + 2]!) === 0;
}

function refill(s: Int32Array): void {
  s[BRICKS] = s[BRICKS + 1] = s[BRICKS + 2] = FULL_ROW;
}

function observe(s: Int32Array, obs: Uint8Array, at: number): void {
  const channels = 4;
  obs.fill(0, at, at + GRID * GRID * channels);
  obs[at + (LAST * GRID + s[PADDLE_X]!) * channels] = 1;
  obs[at + (s[BALL_Y]! * GRID + s[BALL_X]!) * channels + 1] = 1;
  obs[at + (s[TRAIL_Y]! * GRID + s[TRAIL_X]!) * channels + 2] = 1;
  for (let row = 0; row < BRICK_ROWS; row++) {
    const start = at + (row + FIRST_BRICK_ROW) * GRID * channels + 3;
    const bricks = s[BRICKS + row]!;
    for (let x = 0; x < GRID; x++) obs[start + x * channels] = (bricks >> x) & 1;
  }
}

function isPossible(s: Int32Array): boolean {
  return (
    [BALL_X, BALL_Y, TRAIL_X, TRAIL_Y, PADDLE_X].every((word) => isWithin(s, word, 0, LAST)) &&
    [BRICKS, BRICKS + 1, BRICKS + 2].every((word) => isWithin(s, word, 0, FULL_ROW)) &&
    isWithin(s, BALL_DIR, 0, 3) &&
    isWithin(s, STRIKE, 0, 1) &&
    isWithin(s, TERMINAL, 0, 1)
  );
}
