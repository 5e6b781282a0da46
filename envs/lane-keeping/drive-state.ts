import { type BicycleParameters, HEADING, PASSENGER_CAR, SPEED, X, Y } from "./bicycle.ts";
import type { LaneKeepingConfig } from "./config.ts";
import { LanePosition } from "./lane-position.ts";
import { DrivingTally } from "./metrics.ts";
import type { Scene } from "./scene.ts";
import { PASSENGER_STEERING, STEERING, Vehicle, type VehicleInput } from "./vehicle.ts";

/** One car on one road: everything that changes while driving, and the scene it happens in. */
export class DriveState {
  /** Never changed once built; states of one world may share it. */
  scene: Scene;
  readonly vehicle: Vehicle;
  readonly position = new LanePosition();
  readonly tally = new DrivingTally();
  readonly input: VehicleInput = { steering: 0, acceleration: 0, push: 0 };
  /** Steps since the reset. */
  numSteps = 0;
  /** Nominal control periods since the reset. */
  periods = 0;
  /** Last action's steering, in [-1, 1]. */
  command = 0;
  hasCrashed = false;
  hasEnded = false;

  constructor(config: LaneKeepingConfig, scene: Scene) {
    this.scene = scene;
    this.vehicle = new Vehicle(config.vehicle, PASSENGER_CAR, PASSENGER_STEERING);
  }

  /** Distance driven along the lane [m]. */
  get distance(): number {
    return this.position.station - this.scene.road.start;
  }

  /** Wanted speed here [m/s]. */
  get wantedSpeed(): number {
    return this.scene.road.speedAt(this.position.station);
  }

  /** Fits the car to its scene: grip and steering lag are drawn per episode. */
  fitVehicle(): void {
    const { grip, steeringLag } = this.scene.drawn;
    this.vehicle.car = withGrip(PASSENGER_CAR, grip);
    this.vehicle.steering = { ...PASSENGER_STEERING, lag: steeringLag };
  }

  /** Puts the car at the start of its scene's road: offset and turned as drawn, wheels along the road, at the wanted speed. */
  start(): void {
    const { road, drawn, config } = this.scene;
    const side = config.mirrored ? -1 : 1;
    this.fitVehicle();
    const { state } = this.vehicle;
    const index = road.indexAt(road.start);
    const heading = road.heading[index]!;
    const offset = side * drawn.startOffset;
    state.fill(0);
    state[X] = road.x[index]! - offset * Math.sin(heading);
    state[Y] = road.y[index]! + offset * Math.cos(heading);
    state[HEADING] = heading + side * drawn.startHeading;
    state[SPEED] = road.speed[index]!;
    state[STEERING] = this.vehicle.angleFor(road.curvature[index]!);
    this.position.reset(road.start);
    this.position.update(road, state);
    this.tally.reset();
    this.numSteps = 0;
    this.periods = 0;
    this.command = 0;
    this.hasCrashed = false;
    this.hasEnded = false;
  }
}

function withGrip(car: BicycleParameters, grip: number): BicycleParameters {
  return { ...car, stiffnessFront: grip * car.stiffnessFront, stiffnessRear: grip * car.stiffnessRear };
}
