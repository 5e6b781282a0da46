import { SHARED, type SpritePainter } from "../game.ts";
import { BACKGROUND, CARS_LEFT, CARS_RIGHT, CHICKEN } from "./sprites.ts";
import { FREEWAY } from "./state.ts";

const { GRID } = SHARED;
const { CAR_SIZE, CARS, CHICKEN_X, CHICKEN_Y, FIRST_ROW, NUM_CARS, SPEED, X } = FREEWAY;

/** Draws a state of Freeway. */
export function paintFreeway(s: Int32Array, painter: SpritePainter): void {
  painter.sprite(BACKGROUND, GRID / 2, GRID / 2, GRID, GRID);
  painter.sprite(CHICKEN, CHICKEN_X + 0.5, s[CHICKEN_Y]! + 0.5, 1, 1);
  for (let car = 0; car < NUM_CARS; car++) {
    const at = CARS + car * CAR_SIZE;
    const speed = s[at + SPEED]!;
    const bitmap = speed > 0 ? CARS_RIGHT[speed - 1] : CARS_LEFT[-speed - 1];
    if (bitmap) painter.sprite(bitmap, s[at + X]! + 0.5, car + FIRST_ROW + 0.5, 1, 1);
  }
}
