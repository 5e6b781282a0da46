import { SHARED, type SpritePainter } from "../game.ts";
import { BACKGROUND, DUST, ENEMY, GOLD, PLAYER } from "./sprites.ts";
import { ASTERIX } from "./state.ts";

const { GRID } = SHARED;
const { FIRST_ROW, KIND, MOVES_RIGHT, NONE, NUM_SLOTS, PLAYER_X, PLAYER_Y, SLOTS, SLOT_SIZE, X } = ASTERIX;

/** Draws a state of Asterix. */
export function paintAsterix(s: Int32Array, painter: SpritePainter): void {
  painter.sprite(BACKGROUND, GRID / 2, GRID / 2, GRID, GRID);
  for (let slot = 0; slot < NUM_SLOTS; slot++) paintEntity(s, slot, painter);
  painter.sprite(PLAYER, s[PLAYER_X]! + 0.5, s[PLAYER_Y]! + 0.5, 1, 1);
}

function paintEntity(s: Int32Array, slot: number, painter: SpritePainter): void {
  const at = SLOTS + slot * SLOT_SIZE;
  const kind = s[at + KIND]!;
  if (kind === NONE) return;
  const x = s[at + X]! + 0.5;
  const y = slot + FIRST_ROW + 0.5;
  const movesRight = s[at + MOVES_RIGHT] as 0 | 1;
  painter.sprite(DUST[movesRight], movesRight === 1 ? x - 1 : x + 1, y, 1, 1);
  painter.sprite(kind === ASTERIX.GOLD ? GOLD : ENEMY[movesRight], x, y, 1, 1);
}
