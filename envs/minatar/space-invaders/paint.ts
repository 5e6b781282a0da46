import type { Bitmap } from "../../frame.ts";
import { SHARED, type SpritePainter } from "../game.ts";
import { ALIENS, BACKGROUND, CANNON, ENEMY_BULLET, FRIENDLY_BULLET } from "./sprites.ts";
import { SPACE_INVADERS } from "./state.ts";

const { GRID } = SHARED;
const { CANNON_X, ENEMY_BULLETS, FRIENDLY_BULLETS } = SPACE_INVADERS;

/** Draws a state of Space Invaders. The fleet changes its pose with every step it takes, and its colours by the row, as the old screens did. */
export function paintSpaceInvaders(s: Int32Array, painter: SpritePainter): void {
  painter.sprite(BACKGROUND, GRID / 2, GRID / 2, GRID, GRID);
  const pose = leftmostColumn(s) % 2;
  for (let row = 0; row < GRID; row++) {
    paintRow(painter, s[SPACE_INVADERS.ALIENS + row]!, row, ALIENS[row % 3]![pose]!, 0.9, 0.8);
    paintRow(painter, s[FRIENDLY_BULLETS + row]!, row, FRIENDLY_BULLET, 0.2, 0.6);
    paintRow(painter, s[ENEMY_BULLETS + row]!, row, ENEMY_BULLET, 0.3, 0.7);
  }
  painter.sprite(CANNON, s[CANNON_X]! + 0.5, GRID - 0.6, 1, 0.7);
}

function paintRow(
  painter: SpritePainter,
  bits: number,
  row: number,
  bitmap: Bitmap,
  width: number,
  height: number,
): void {
  for (let rest = bits, x = 0; rest !== 0; rest >>= 1, x++) {
    if ((rest & 1) === 1) painter.sprite(bitmap, x + 0.5, row + 0.5, width, height);
  }
}

function leftmostColumn(s: Int32Array): number {
  let columns = 0;
  for (let row = 0; row < GRID; row++) columns |= s[SPACE_INVADERS.ALIENS + row]!;
  return columns === 0 ? 0 : 31 - Math.clz32(columns & -columns);
}
