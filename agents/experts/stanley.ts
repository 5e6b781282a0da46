import type { Env, LaneView } from "gymnasium-js";
import { understeerGradient } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { requireLane, steerTo } from "./steer.ts";

/** Gain on the error across the lane [1/s], and a speed that keeps it finite at standstill [m/s]. */
const GAIN = 1.6;
const SOFT_SPEED = 2;

/**
 * Stanley: turns the front wheels along the lane, and towards it by atan(k e / (k_s + v)), with e the lane's distance from the front axle.
 *
 * δ = ψ_lane − ψ_car + atan(k e / (k_s + v)), ψ_lane taken where the front axle is going to be when the wheels have followed, plus the
 * understeer of the car on that curvature, K_us v² κ.
 * Source: Hoffmann, Tomlin, Montemerlo and Thrun 2007, Autonomous Automobile Trajectory Tracking for Off-Road Driving, (5).
 */
export const stanley: Expert = {
  name: "stanley",
  summary: "follows the lane's direction at the front axle and closes in on its centre",
  worlds: ["LaneKeeping"],
  act(env: Env): Float32Array {
    const view = requireLane(env, "stanley");
    const preview = view.car.lengthFront + view.speed * view.steeringLag;
    const error = frontAxleError(view);
    const turn = turnTo(view, preview) - view.headingError;
    const understeer = understeerGradient(view.car) * view.speed ** 2 * view.curvatureAhead(preview);
    return steerTo(view, turn + understeer + Math.atan((-GAIN * error) / (SOFT_SPEED + view.speed)));
  },
};

/** How far the lane turns within a distance [rad]: Simpson's rule on its curvature. */
function turnTo(view: LaneView, distance: number): number {
  const sum = view.curvatureAhead(0) + 4 * view.curvatureAhead(distance / 2) + view.curvatureAhead(distance);
  return (sum * distance) / 6;
}

/** Distance of the front axle's middle from the lane's centre [m], left positive. */
function frontAxleError({ lateralError, headingError, car, curvatureAhead }: LaneView): number {
  const along = car.lengthFront * Math.cos(headingError);
  return lateralError + car.lengthFront * Math.sin(headingError) - (curvatureAhead(0) / 2) * along * along;
}
