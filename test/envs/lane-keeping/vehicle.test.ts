import { expect, test } from "vitest";
import {
  HEADING,
  LATERAL_SPEED,
  PASSENGER_CAR,
  SPEED,
  X,
  Y,
  YAW_RATE,
  understeerGradient,
  wheelbase,
} from "../../../envs/lane-keeping/bicycle.ts";
import { PASSENGER_STEERING, STEERING, Vehicle, type VehicleModel } from "../../../envs/lane-keeping/vehicle.ts";

const SECONDS = 1 / 60;

function driven(model: VehicleModel, speed: number, steering: number, seconds: number, push = 0): Vehicle {
  const vehicle = new Vehicle(model, PASSENGER_CAR, PASSENGER_STEERING);
  vehicle.state[SPEED] = speed;
  for (let t = 0; t < seconds - 1e-9; t += SECONDS) vehicle.step({ steering, acceleration: 0, push }, SECONDS);
  return vehicle;
}

for (const model of ["kinematic", "dynamic"] as const) {
  test(`${model}: without steering the car drives straight, 20 m/s for 3 s is 60 m (within 1e-9)`, () => {
    const { state } = driven(model, 20, 0, 3);
    expect(state[X]).toBeCloseTo(60, 9);
    expect(state[Y]).toBe(0);
    expect(state[HEADING]).toBe(0);
  });

  test(`${model}: steering left turns left, and the mirrored input gives the mirrored path (exactly)`, () => {
    const left = driven(model, 12, 0.05, 4).state;
    const right = driven(model, 12, -0.05, 4).state;
    expect(left[Y]).toBeGreaterThan(5);
    expect(right[X]).toBe(left[X]);
    for (const i of [Y, HEADING, LATERAL_SPEED, YAW_RATE, STEERING]) expect(right[i]).toBe(-left[i]!);
  });

  test(`${model}: an unpowered car keeps its speed along the long axis, whatever it steers`, () => {
    expect(driven(model, 15, 0.1, 5).state[SPEED]).toBe(15);
  });

  test(`${model}: wheels turn no faster than their rate and no further than their stop`, () => {
    const vehicle = new Vehicle(model, PASSENGER_CAR, PASSENGER_STEERING);
    vehicle.state[SPEED] = 5;
    let before = 0;
    for (let k = 0; k < 120; k++) {
      vehicle.step({ steering: 3, acceleration: 0, push: 0 }, SECONDS);
      expect(vehicle.state[STEERING]! - before).toBeLessThanOrEqual(PASSENGER_STEERING.maxRate * SECONDS + 1e-12);
      before = vehicle.state[STEERING]!;
    }
    expect(before).toBeGreaterThan(0.99 * PASSENGER_STEERING.maxAngle);
    expect(before).toBeLessThanOrEqual(PASSENGER_STEERING.maxAngle);
  });

  test(`${model}: braking ends at standstill, never backwards`, () => {
    const vehicle = new Vehicle(model, PASSENGER_CAR, PASSENGER_STEERING);
    vehicle.state[SPEED] = 4;
    for (let k = 0; k < 120; k++) vehicle.step({ steering: 0.1, acceleration: -5, push: 0 }, SECONDS);
    expect(vehicle.state[SPEED]).toBe(0);
    expect(vehicle.state.every(Number.isFinite)).toBe(true);
  });

  test(`${model}: side wind from the right pushes the car to the left`, () => {
    expect(driven(model, 12, 0, 2, 1).state[Y]).toBeGreaterThan(0.1);
    expect(driven(model, 12, 0, 2, -1).state[Y]).toBeLessThan(-0.1);
  });
}

test("kinematic: a steady turn has the rear axle's radius L / tan δ (within 1e-6)", () => {
  const angle = 0.08;
  const { state } = driven("kinematic", 10, angle, 20);
  const slip = Math.atan((PASSENGER_CAR.lengthRear / wheelbase(PASSENGER_CAR)) * Math.tan(angle));
  expect(state[YAW_RATE]).toBeCloseTo((10 * Math.sin(slip)) / PASSENGER_CAR.lengthRear, 6);
});

test("dynamic: a steady turn needs δ = L κ + K v² κ on top of the kinematic angle (within 1 %)", () => {
  const angle = 0.04;
  const { state } = driven("dynamic", 12, angle, 20);
  const speed = Math.hypot(state[SPEED]!, state[LATERAL_SPEED]!);
  const curvature = state[YAW_RATE]! / speed;
  const needed = (wheelbase(PASSENGER_CAR) + understeerGradient(PASSENGER_CAR) * speed ** 2) * curvature;
  expect(Math.abs(needed / angle - 1)).toBeLessThan(0.01);
  expect(understeerGradient(PASSENGER_CAR)).toBeGreaterThan(0);
});

test("dynamic: tyres take energy out of a skid, they never add any", () => {
  const vehicle = new Vehicle("dynamic", PASSENGER_CAR, PASSENGER_STEERING);
  vehicle.state[SPEED] = 15;
  vehicle.state[LATERAL_SPEED] = 2;
  vehicle.state[YAW_RATE] = 0.4;
  const { mass, inertiaZ } = PASSENGER_CAR;
  const energy = (): number => mass * vehicle.state[LATERAL_SPEED]! ** 2 + inertiaZ * vehicle.state[YAW_RATE]! ** 2;
  const start = energy();
  for (let k = 0; k < 120; k++) vehicle.step({ steering: 0, acceleration: 0, push: 0 }, SECONDS);
  expect(energy()).toBeLessThan(1e-6 * start);
});

test("dynamic: halving the integration step changes 5 s of slalom by less than a centimetre", () => {
  const end = (parts: number): Float64Array => {
    const vehicle = new Vehicle("dynamic", PASSENGER_CAR, PASSENGER_STEERING);
    vehicle.state[SPEED] = 6;
    for (let k = 0; k < 150 * parts; k++) {
      const steering = 0.1 * Math.sin(Math.floor(k / parts) / 10);
      vehicle.step({ steering, acceleration: 0, push: 0 }, 1 / 30 / parts);
    }
    return vehicle.state;
  };
  const [coarse, fine] = [end(2), end(4)];
  expect(Math.hypot(coarse[X]! - fine[X]!, coarse[Y]! - fine[Y]!)).toBeLessThan(0.01);
});
