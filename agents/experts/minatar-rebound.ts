import { BREAKOUT, type Env, MINATAR } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { readPosition } from "./minatar-position.ts";

const { NOOP, LEFT, RIGHT, GRID } = MINATAR;
const { BALL_DIR, BALL_X, BALL_Y, BRICK_ROWS, FIRST_BRICK_ROW, PADDLE_X } = BREAKOUT;

/** Where a ball is when the next frame decides whether it is caught. */
const CATCH_ROW = GRID - 2;
const LOWEST_BRICKS = FIRST_BRICK_ROW + BRICK_ROWS - 1;

/**
 * Breakout by reflex: a rising ball is expected to come back from the wall of bricks, as if no brick were missing, and the paddle goes the
 * shorter way to where it lands. What it does follows from ball and paddle alone, so that a small network can learn it to the last case.
 */
export const minatarRebound: Expert = {
  name: "rebound",
  summary: "goes where the ball lands if the wall of bricks sends it back",
  worlds: ["Breakout"],
  act(env: Env): number {
    const { state, indexOf } = readPosition(env, "rebound", "Breakout");
    const paddle = state[PADDLE_X]!;
    const target = nearer(catchColumns(state), paddle);
    return indexOf(target > paddle ? RIGHT : target < paddle ? LEFT : NOOP);
  },
};

/** The columns where the ball is caught: the one it comes from and the one it goes to. */
function catchColumns(state: Int32Array): readonly [number, number] {
  const direction = state[BALL_DIR]!; // 0 up left, 1 up right, 2 down right, 3 down left
  let stepX = direction === 0 || direction === 3 ? -1 : 1;
  let stepY = direction < 2 ? -1 : 1;
  let x = state[BALL_X]!;
  let y = state[BALL_Y]!;
  while (stepY < 0 || y < CATCH_ROW) {
    x += stepX;
    y += stepY;
    if (x < 0 || x >= GRID) {
      x = Math.min(GRID - 1, Math.max(0, x));
      stepX = -stepX;
    }
    if (stepY < 0 && y <= LOWEST_BRICKS) {
      y++;
      stepY = 1;
    }
  }
  return [x, x + stepX];
}

/** The reachable one of two columns that is nearer to the paddle; the first where both are as near. */
function nearer([from, to]: readonly [number, number], paddle: number): number {
  if (to < 0 || to >= GRID) return from;
  return Math.abs(to - paddle) < Math.abs(from - paddle) ? to : from;
}
