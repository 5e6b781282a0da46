import { type Env, type LaneView, wheelbase } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { requireLane, steerTo } from "./steer.ts";

/** The car aims at the point it would reach in this time [s], but never nearer than MIN_DISTANCE [m]. */
const LOOK_AHEAD_SECONDS = 0.7;
const MIN_DISTANCE = 4.5;
/** Steps to find the point at a given straight distance. */
const NUM_STEPS = 4;

/**
 * Pure pursuit: steers along the circle that leads the rear axle to a point of the lane's centre at distance l = max(l_min, T v).
 *
 * With α the bearing of that point from the rear axle and L the wheelbase, δ = atan(2 L sin α / l).
 * Source: Coulter 1992, Implementation of the Pure Pursuit Path Tracking Algorithm.
 */
export const purePursuit: Expert = {
  name: "pure-pursuit",
  summary: "steers along the circle to a point of the lane ahead",
  worlds: ["LaneKeeping"],
  act(env: Env): Float32Array {
    const view = requireLane(env, "pure-pursuit");
    const distance = Math.max(MIN_DISTANCE, LOOK_AHEAD_SECONDS * view.speed);
    const { forward, left } = targetFromRearAxle(view, distance);
    const squared = forward * forward + left * left;
    return steerTo(view, Math.atan((2 * wheelbase(view.car) * left) / squared));
  },
};

/** The point of the lane's centre at a straight distance from the rear axle, seen from there. sin α is left / distance. */
function targetFromRearAxle(view: LaneView, distance: number): { forward: number; left: number } {
  let along = distance - view.car.lengthRear;
  let target = { forward: distance, left: 0 };
  for (let i = 0; i < NUM_STEPS; i++) {
    const point = view.pointAhead(along);
    target = { forward: point.forward + view.car.lengthRear, left: point.left };
    along += distance - Math.hypot(target.forward, target.left);
  }
  return target;
}
