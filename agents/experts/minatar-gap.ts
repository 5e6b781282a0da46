import { type Env, FREEWAY, MINATAR } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { readPosition } from "./minatar-position.ts";

const { NOOP, UP, DOWN, GRID } = MINATAR;
const { CARS, CAR_SIZE, CHICKEN_X, CHICKEN_Y, FIRST_ROW, NUM_CARS, SPEED, X } = FREEWAY;
const LAST_ROW = GRID - 1;

/** A row is entered if no car can come within these frames; of waits of 1 to 5 frames this crosses most often. */
const CLEAR_FRAMES = 2;
/** A row is left backwards if its car can come within these frames. */
const LATE_FRAMES = 1;

/**
 * Freeway by reflex: up into a gap, back where a car is about to come and the row behind is clear, else waiting. What it does follows from
 * where cars are and how fast they are, which the board shows; when each of them moves next, which it does not show, is not asked.
 */
export const minatarGap: Expert = {
  name: "gap",
  summary: "walks into gaps between cars, and back before a car that comes",
  worlds: ["Freeway"],
  act(env: Env): number {
    const { state, indexOf } = readPosition(env, "gap", "Freeway");
    const row = state[CHICKEN_Y]!;
    if (arrival(state, row - 1) > CLEAR_FRAMES) return indexOf(UP);
    const isLate = arrival(state, row) <= LATE_FRAMES;
    return indexOf(isLate && row < LAST_ROW && arrival(state, row + 1) > CLEAR_FRAMES ? DOWN : NOOP);
  },
};

/** The fewest frames until a row's car can be where the chicken walks: 0 if it is there, infinite in a row without cars. */
function arrival(state: Int32Array, row: number): number {
  const car = row - FIRST_ROW;
  if (car < 0 || car >= NUM_CARS) return Infinity;
  const at = CARS + car * CAR_SIZE;
  const speed = state[at + SPEED]!;
  const ahead = speed > 0 ? CHICKEN_X - state[at + X]! : state[at + X]! - CHICKEN_X;
  const cells = (ahead + GRID) % GRID;
  return cells === 0 ? 0 : (cells - 1) * Math.abs(speed) + 1;
}
