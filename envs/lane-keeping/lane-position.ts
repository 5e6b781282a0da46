import { HEADING, X, Y } from "./bicycle.ts";
import type { Road } from "./road.ts";

/** Newton steps per update; the car moves less than a metre between two updates, and the first step is exact on circles. */
const NUM_STEPS = 3;

/**
 * Where a car is along and across its lane. Left is positive.
 *
 * On closed roads `station` goes on counting over laps.
 */
export class LanePosition {
  /** Arc length of the nearest point of the lane's centre [m]. */
  station = 0;
  /** Distance from the lane's centre [m]. */
  lateral = 0;
  /** Direction of the car against the lane's [rad], in (−π, π]. */
  headingError = 0;

  /** Puts the position to a known station, before the first `update`. */
  reset(station: number): void {
    this.station = station;
    this.lateral = 0;
    this.headingError = 0;
  }

  /**
   * Follows the car, whose state starts [x, y, heading]: finds the foot of the perpendicular on the centre by Newton's method,
   * s ← s + (p − c(s))·t(s) / (1 − κ e), starting from the last station.
   */
  update(road: Road, state: Float64Array): void {
    const carX = state[X]!;
    const carY = state[Y]!;
    for (let i = 0; i < NUM_STEPS; i++) {
      const index = road.indexAt(this.station);
      const offset = this.station - road.spacing * Math.floor(this.station / road.spacing);
      const curvature = road.curvature[index]!;
      const bending = (road.curvature[index + 1]! - curvature) / road.spacing;
      const heading = road.heading[index]! + offset * (curvature + (offset * bending) / 2);
      const middle = road.heading[index]! + offset * (curvature / 2 + (offset * bending) / 6);
      const dx = carX - road.x[index]! - offset * Math.cos(middle);
      const dy = carY - road.y[index]! - offset * Math.sin(middle);
      const cos = Math.cos(heading);
      const sin = Math.sin(heading);
      const along = dx * cos + dy * sin;
      this.lateral = dy * cos - dx * sin;
      this.headingError = wrapAngle(state[HEADING]! - heading);
      const bent = Math.max(0.2, 1 - curvature * this.lateral);
      if (Math.abs(along) < 1e-9) break;
      this.station += along / bent;
    }
  }
}

/** The same angle in (−π, π]. */
export function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
