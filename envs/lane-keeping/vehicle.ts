import {
  BICYCLE_STATE_SIZE,
  type BicycleDerivative,
  type BicycleParameters,
  LATERAL_SPEED,
  SPEED,
  YAW_RATE,
  dynamicBicycle,
  kinematicBicycle,
  wheelbase,
} from "./bicycle.ts";
import { Rk4 } from "./rk4.ts";

/** Names of the vehicle models. */
export type VehicleModel = "kinematic" | "dynamic";

/** The derivative behind each vehicle model. */
export const VEHICLE_MODELS: Readonly<Record<VehicleModel, BicycleDerivative>> = {
  kinematic: kinematicBicycle,
  dynamic: dynamicBicycle,
};

/** Index of the front wheel's angle [rad] in a vehicle's state: behind the bicycle's own state. */
export const STEERING = BICYCLE_STATE_SIZE;
/** Length of a vehicle's state vector: the bicycle and its steering angle. */
export const VEHICLE_STATE_SIZE = BICYCLE_STATE_SIZE + 1;

/** How the front wheels follow a command. */
export interface SteeringParameters {
  /** Time constant of the first-order lag [s], > 0. */
  readonly lag: number;
  /** Fastest change of the wheel angle [rad/s]. */
  readonly maxRate: number;
  /** Largest wheel angle [rad]. */
  readonly maxAngle: number;
}

/** A passenger car's power steering. */
export const PASSENGER_STEERING: SteeringParameters = { lag: 0.15, maxRate: 0.8, maxAngle: 0.5 };

/** What drives a vehicle during one integration step. */
export interface VehicleInput {
  /** Commanded front wheel angle [rad], left positive. */
  steering: number;
  /** Acceleration along the long axis [m/s²]. */
  acceleration: number;
  /** Sideways acceleration from outside [m/s²], left positive. */
  push: number;
}

const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/** A car that can be moved: bicycle model, lagged and rate-limited steering, integrated with RK4. Allocates once. */
export class Vehicle {
  /** [VEHICLE_STATE_SIZE] x, y, heading, speed, lateral speed, yaw rate, steering angle. */
  readonly state = new Float64Array(VEHICLE_STATE_SIZE);
  car: BicycleParameters;
  steering: SteeringParameters;
  readonly #model: VehicleModel;
  readonly #rk4: Rk4;
  #input: VehicleInput = { steering: 0, acceleration: 0, push: 0 };

  constructor(model: VehicleModel, car: BicycleParameters, steering: SteeringParameters) {
    this.#model = model;
    this.car = car;
    this.steering = steering;
    this.#rk4 = new Rk4(VEHICLE_STATE_SIZE, (out, state) => this.#derivative(out, state));
  }

  /** Moves the car by `seconds` in one classical Runge–Kutta step. Changes `state`. */
  step(input: VehicleInput, seconds: number): void {
    const { state } = this;
    this.#input = input;
    this.#rk4.step(state, seconds);
    state[STEERING] = clamp(state[STEERING]!, this.steering.maxAngle);
    state[SPEED] = Math.max(0, state[SPEED]!);
    if (this.#model === "kinematic") this.#setConsequences();
  }

  /** Wheel angle [rad] that a car without tyre slip needs to drive along `curvature` [1/m]. */
  angleFor(curvature: number): number {
    return Math.atan(curvature * wheelbase(this.car));
  }

  /** Curvature [1/m] that a car without tyre slip drives at its present wheel angle. */
  get curvature(): number {
    return Math.tan(this.state[STEERING]!) / wheelbase(this.car);
  }

  #derivative(out: Float64Array, state: Float64Array): void {
    const input = this.#input;
    const { lag, maxRate, maxAngle } = this.steering;
    VEHICLE_MODELS[this.#model](out, state, state[STEERING]!, input.acceleration, input.push, this.car);
    out[STEERING] = clamp((clamp(input.steering, maxAngle) - state[STEERING]!) / lag, maxRate);
  }

  /** In the kinematic model, lateral speed and yaw rate follow from wheel angle and speed. */
  #setConsequences(): void {
    const { state, car } = this;
    const slip = Math.atan((car.lengthRear / wheelbase(car)) * Math.tan(state[STEERING]!));
    state[LATERAL_SPEED] = state[SPEED]! * Math.sin(slip);
    state[YAW_RATE] = (state[SPEED]! * Math.sin(slip)) / car.lengthRear;
  }
}
