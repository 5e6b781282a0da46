import { SHARED } from "../game.ts";
import { RecordList } from "./record-list.ts";

const OWN = SHARED.OWN;

// At the fastest one enemy appears per frame and crosses in 30; a submarine's bullet is gone before it shoots again; the player shoots
// every 5 frames and a bullet lives 10; a diver appears every 30 frames and crosses in 60. So these lists never fill up.
const FRIENDLY_BULLETS = new RecordList(OWN + 12, 3, 6);
const ENEMY_BULLETS = new RecordList(FRIENDLY_BULLETS.end, 3, 40);
const FISH = new RecordList(ENEMY_BULLETS.end, 4, 40);
const ENEMY_SUBS = new RecordList(FISH.end, 5, 40);
const DIVERS = new RecordList(ENEMY_SUBS.end, 4, 6);

/** Where things stand in a state of Seaquest. Timers and speeds are in frames. */
export const SEAQUEST = {
  OXYGEN: OWN,
  /** Divers on board. Falls below 0 by surfacing, since every surfacing costs one. */
  DIVERS_CARRIED: OWN + 1,
  SUB_X: OWN + 2,
  SUB_Y: OWN + 3,
  /** Whether the submarine faces right. */
  FACES_RIGHT: OWN + 4,
  ENEMY_SPAWN_SPEED: OWN + 5,
  ENEMY_SPAWN_TIMER: OWN + 6,
  DIVER_SPAWN_TIMER: OWN + 7,
  MOVE_SPEED: OWN + 8,
  RAMP_INDEX: OWN + 9,
  SHOT_TIMER: OWN + 10,
  /** Whether the submarine has stayed at the surface since it last arrived there. */
  IS_SURFACED: OWN + 11,
  FRIENDLY_BULLETS,
  ENEMY_BULLETS,
  FISH,
  ENEMY_SUBS,
  DIVERS,
  STATE_SIZE: DIVERS.end,

  // Words of a record: column, row, whether it moves right, frames until it moves (not bullets), frames until it shoots (submarines).
  X: 0,
  Y: 1,
  MOVES_RIGHT: 2,
  TIMER: 3,
  ENEMY_SHOT_TIMER: 4,

  MAX_OXYGEN: 200,
  /** A full load of divers. */
  MAX_DIVERS: 6,
  /** Lowest row the submarine and all others swim in; row 9 holds the gauges. */
  SEA_FLOOR: 8,
} as const;
