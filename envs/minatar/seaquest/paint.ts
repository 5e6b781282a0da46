import type { Bitmap } from "../../frame.ts";
import { SHARED, type SpritePainter } from "../game.ts";
import type { RecordList } from "./record-list.ts";
import * as sprites from "./sprites.ts";
import { SEAQUEST } from "./state.ts";

const { GRID } = SHARED;
const { X, Y, MOVES_RIGHT, OXYGEN, MAX_OXYGEN, DIVERS_CARRIED, SUB_X, SUB_Y, FACES_RIGHT } = SEAQUEST;
const GAUGE_ROW = GRID - 1;

/** Draws a state of Seaquest; in the bottom row the oxygen from the left and the divers on board from the right. */
export function paintSeaquest(s: Int32Array, painter: SpritePainter): void {
  painter.sprite(sprites.BACKGROUND, GRID / 2, GRID / 2, GRID, GRID);
  paintGauges(s, painter);
  paintAll(s, SEAQUEST.DIVERS, sprites.DIVER, true, painter);
  paintAll(s, SEAQUEST.FISH, sprites.FISH, true, painter);
  paintAll(s, SEAQUEST.ENEMY_SUBS, sprites.ENEMY_SUB, true, painter);
  paintAll(s, SEAQUEST.FRIENDLY_BULLETS, sprites.TORPEDO, false, painter);
  paintAll(s, SEAQUEST.ENEMY_BULLETS, sprites.ENEMY_TORPEDO, false, painter);
  const facesRight = s[FACES_RIGHT] as 0 | 1;
  painter.sprite(sprites.SUB[facesRight], s[SUB_X]! + (facesRight === 1 ? 0 : 1), s[SUB_Y]! + 0.5, 2, 1);
}

type Pair = readonly [left: Bitmap, right: Bitmap];

/** Draws every record of a list, with bubbles in the cell behind or at torpedo size. */
function paintAll(s: Int32Array, list: RecordList, pair: Pair, hasTrail: boolean, painter: SpritePainter): void {
  for (let i = 0; i < list.count(s); i++) {
    const at = list.record(i);
    const movesRight = s[at + MOVES_RIGHT] as 0 | 1;
    const x = s[at + X]! + 0.5;
    const y = s[at + Y]! + 0.5;
    if (hasTrail) painter.sprite(sprites.BUBBLES[movesRight], movesRight === 1 ? x - 1 : x + 1, y, 1, 1);
    if (hasTrail) painter.sprite(pair[movesRight], x, y, 1, 1);
    else painter.sprite(pair[movesRight], x, y, 0.7, 0.32);
  }
}

function paintGauges(s: Int32Array, painter: SpritePainter): void {
  const numCells = Math.floor((Math.max(0, s[OXYGEN]!) * GRID) / MAX_OXYGEN);
  for (let x = 0; x < numCells; x++) painter.sprite(sprites.OXYGEN_CELL, x + 0.5, GAUGE_ROW + 0.8, 1, 0.35);
  for (let x = GAUGE_ROW - s[DIVERS_CARRIED]!; x < GAUGE_ROW; x++) {
    painter.sprite(sprites.DIVER_CELL, x + 0.5, GAUGE_ROW + 0.35, 0.6, 0.5);
  }
}
