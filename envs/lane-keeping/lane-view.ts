import type { Env } from "../env.ts";
import { WorldEnv } from "../world/world-env.ts";
import { unwrapped } from "../wrappers/wrapper.ts";
import { type BicycleParameters, HEADING, LATERAL_SPEED, SPEED, X, Y, YAW_RATE } from "./bicycle.ts";
import { DriveState } from "./drive-state.ts";
import { STEERING } from "./vehicle.ts";

/** A point in the car's frame: forward and left of the centre of mass [m]. */
export interface PointAhead {
  /** [m] */
  readonly forward: number;
  /** [m] */
  readonly left: number;
}

/** What a driver may know who sees the world as it is. Left is positive. */
export interface LaneView {
  /** Car left of the lane's centre [m]. */
  readonly lateralError: number;
  /** Car turned to the left against the lane [rad]. */
  readonly headingError: number;
  /** Along the car [m/s]. */
  readonly speed: number;
  /** Of the centre of mass to the car's left [m/s]. */
  readonly lateralSpeed: number;
  /** [rad/s] */
  readonly yawRate: number;
  /** Angle of the front wheels [rad]. */
  readonly wheelAngle: number;
  /** Time constant that the wheels follow commands with [s]. */
  readonly steeringLag: number;
  /** Wanted speed here [m/s]. */
  readonly wantedSpeed: number;
  /** The car with this episode's grip. */
  readonly car: BicycleParameters;
  /** What the steering action means: 1 is `maxCurvature` or `maxAngle`. */
  readonly steering: "curvature" | "angle";
  /** [1/m] */
  readonly maxCurvature: number;
  /** [rad] */
  readonly maxAngle: number;
  /** Whether there is a second action that accelerates and brakes. */
  readonly hasThrottle: boolean;
  /** Curvature of the lane [1/m] at a distance [m] along it from the nearest point. */
  curvatureAhead(distance: number): number;
  /** Centre of the lane at a distance [m] along it from the nearest point. */
  pointAhead(distance: number): PointAhead;
}

/** The view of a LaneKeeping env's present state; null for other worlds and before the first reset. */
export function laneView(env: Env): LaneView | null {
  const inner = unwrapped(env);
  return inner instanceof WorldEnv && inner.state instanceof DriveState ? viewOf(inner.state) : null;
}

function viewOf({ vehicle, position, scene }: DriveState): LaneView {
  const { state } = vehicle;
  const { road } = scene;
  return {
    lateralError: position.lateral,
    headingError: position.headingError,
    speed: state[SPEED]!,
    lateralSpeed: state[LATERAL_SPEED]!,
    yawRate: state[YAW_RATE]!,
    wheelAngle: state[STEERING]!,
    steeringLag: vehicle.steering.lag,
    wantedSpeed: road.speedAt(position.station),
    car: vehicle.car,
    steering: scene.config.steering,
    maxCurvature: scene.maxCurvature,
    maxAngle: vehicle.steering.maxAngle,
    hasThrottle: scene.config.throttle,
    curvatureAhead: (distance) => road.curvatureAt(position.station + distance),
    pointAhead: (distance) => {
      const { x, y } = road.pointAt(position.station + distance);
      const cos = Math.cos(state[HEADING]!);
      const sin = Math.sin(state[HEADING]!);
      const dx = x - state[X]!;
      const dy = y - state[Y]!;
      return { forward: dx * cos + dy * sin, left: dy * cos - dx * sin };
    },
  };
}
