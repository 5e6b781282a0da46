import { SHARED } from "../game.ts";

const OWN = SHARED.OWN;

/** Where things stand in a state of Freeway. Timers are in frames. */
export const FREEWAY = {
  CHICKEN_Y: OWN,
  /** Frames until the chicken may move again. */
  MOVE_TIMER: OWN + 1,
  /** Frames left; the episode ends when it falls below 0. */
  COUNTDOWN: OWN + 2,
  /** Eight cars, one per row from `FIRST_ROW` on, of `CAR_SIZE` words each. */
  CARS: OWN + 3,
  STATE_SIZE: OWN + 3 + 8 * 3,

  NUM_CARS: 8,
  FIRST_ROW: 1,
  CAR_SIZE: 3,
  // Words of a car: its column, frames until it moves, and its signed speed ±1..±5. It moves one cell every |speed| + 1 frames,
  // to the right where the speed is positive.
  X: 0,
  TIMER: 1,
  SPEED: 2,

  /** Column of the chicken. */
  CHICKEN_X: 4,
} as const;
