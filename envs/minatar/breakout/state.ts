import { SHARED } from "../game.ts";

const OWN = SHARED.OWN;

/** Where things stand in a state of Breakout. */
export const BREAKOUT = {
  BALL_X: OWN,
  BALL_Y: OWN + 1,
  /** 0 up-left, 1 up-right, 2 down-right, 3 down-left */
  BALL_DIR: OWN + 2,
  PADDLE_X: OWN + 3,
  /** Whether the ball was inside the wall one frame ago: bricks then do not count again. */
  STRIKE: OWN + 4,
  TRAIL_X: OWN + 5,
  TRAIL_Y: OWN + 6,
  /** One word per row of bricks; bit x is the brick in column x. */
  BRICKS: OWN + 7,
  STATE_SIZE: OWN + 10,

  BRICK_ROWS: 3,
  FIRST_BRICK_ROW: 1,
} as const;
