import { SHARED } from "../game.ts";

const OWN = SHARED.OWN;

/** Where things stand in a state of Asterix. Timers and speeds are in frames. */
export const ASTERIX = {
  PLAYER_X: OWN,
  PLAYER_Y: OWN + 1,
  SPAWN_SPEED: OWN + 2,
  SPAWN_TIMER: OWN + 3,
  MOVE_SPEED: OWN + 4,
  MOVE_TIMER: OWN + 5,
  RAMP_TIMER: OWN + 6,
  RAMP_INDEX: OWN + 7,
  /** Eight slots, one per row from `FIRST_ROW` on, of `SLOT_SIZE` words each. */
  SLOTS: OWN + 8,
  STATE_SIZE: OWN + 8 + 8 * 3,

  NUM_SLOTS: 8,
  FIRST_ROW: 1,
  SLOT_SIZE: 3,
  // Words of a slot: what is there (one of the three below), its column, whether it moves right.
  KIND: 0,
  X: 1,
  MOVES_RIGHT: 2,

  NONE: 0,
  ENEMY: 1,
  GOLD: 2,
} as const;
