import { SHARED, type SpritePainter } from "../game.ts";
import { BACKGROUND, BALL, BRICKS, PADDLE, TRAIL } from "./sprites.ts";
import { BREAKOUT } from "./state.ts";

const { GRID } = SHARED;
const { BALL_X, BALL_Y, BRICK_ROWS, FIRST_BRICK_ROW, PADDLE_X, TRAIL_X, TRAIL_Y } = BREAKOUT;
const WALL = BREAKOUT.BRICKS;

/** Draws a state of Breakout. */
export function paintBreakout(s: Int32Array, painter: SpritePainter): void {
  painter.sprite(BACKGROUND, GRID / 2, GRID / 2, GRID, GRID);
  for (let row = 0; row < BRICK_ROWS; row++) {
    for (let x = 0; x < GRID; x++) {
      if (((s[WALL + row]! >> x) & 1) === 1)
        painter.sprite(BRICKS[row]!, x + 0.5, row + FIRST_BRICK_ROW + 0.5, 0.97, 0.8);
    }
  }
  painter.sprite(TRAIL, s[TRAIL_X]! + 0.5, s[TRAIL_Y]! + 0.5, 0.6, 0.6);
  painter.sprite(BALL, s[BALL_X]! + 0.5, s[BALL_Y]! + 0.5, 0.65, 0.65);
  painter.sprite(PADDLE, s[PADDLE_X]! + 0.5, GRID - 0.55, 1, 0.5);
}
