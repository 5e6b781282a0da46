import { type Env, type LaneView, laneView, wheelbase } from "gymnasium-js";
import { EnvError } from "../../src/errors.ts";

/** Time in which a driving expert with a throttle reaches the wanted speed [s], and what throttle ±1 means [m/s²]. */
const SPEED_LAG = 0.4;
const FULL_THROTTLE = 2;
const FULL_BRAKE = 5;

/** The lane as an expert sees it. Throws EnvError on another world, naming the expert. */
export function requireLane(env: Env, expert: string): LaneView {
  const view = laneView(env);
  if (view === null)
    throw new EnvError("wrong-world", `${expert}: expected a LaneKeeping env that was reset, got ${String(env)}`);
  return view;
}

/** The action that turns the front wheels to an angle [rad], left positive; with a throttle, also towards the wanted speed. */
export function steerTo(view: LaneView, angle: number): Float32Array {
  const full = view.steering === "angle" ? view.maxAngle : view.maxCurvature;
  const wanted = view.steering === "angle" ? angle : Math.tan(angle) / wheelbase(view.car);
  const steering = clampToUnit(wanted / full);
  return view.hasThrottle ? Float32Array.of(steering, throttle(view)) : Float32Array.of(steering);
}

function throttle({ speed, wantedSpeed }: LaneView): number {
  const acceleration = (wantedSpeed - speed) / SPEED_LAG;
  return clampToUnit(acceleration / (acceleration > 0 ? FULL_THROTTLE : FULL_BRAKE));
}

const clampToUnit = (value: number): number => Math.max(-1, Math.min(1, value));
