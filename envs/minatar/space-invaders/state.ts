import { SHARED } from "../game.ts";

const { GRID, OWN } = SHARED;

/** Where things stand in a state of Space Invaders. Timers are in frames. */
export const SPACE_INVADERS = {
  CANNON_X: OWN,
  /** -1 left, +1 right */
  ALIEN_DIR: OWN + 1,
  MOVE_INTERVAL: OWN + 2,
  MOVE_TIMER: OWN + 3,
  ALIEN_SHOT_TIMER: OWN + 4,
  SHOT_TIMER: OWN + 5,
  RAMP_INDEX: OWN + 6,
  // Three maps of ten words, one per row; bit x is column x.
  ALIENS: OWN + 7,
  FRIENDLY_BULLETS: OWN + 7 + GRID,
  ENEMY_BULLETS: OWN + 7 + 2 * GRID,
  STATE_SIZE: OWN + 7 + 3 * GRID,
} as const;
