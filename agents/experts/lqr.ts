import { type BicycleParameters, type Env, type LaneView, understeerGradient, wheelbase } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { matrix } from "./matrix.ts";
import { type LinearSystem, discretize, regulatorGain } from "./riccati.ts";
import { requireLane, steerTo } from "./steer.ts";

/** Sampling time of the regulator [s]. */
const PERIOD = 1 / 30;
/** Costs: of e², ė², ψ_e², ψ̇_e², δ², and of the commanded angle squared, all against their steady values. */
const COSTS = [1, 0.05, 2, 0.02, 0] as const;
const COMMAND_COST = 12;
/** Gains are computed once per speed, rounded to this [m/s]. */
const SPEED_STEP = 0.5;

/**
 * Linear-quadratic regulator on the errors of a dynamic bicycle in its lane, with the steering's lag as a fifth state.
 *
 * x = [e, ė, ψ_e, ψ̇_e, δ], car minus lane; with C the stiffness of one tyre, two per axle, and a, b the distances to the axles:
 * ë = −(2C_f + 2C_r)/(m v) ė + (2C_f + 2C_r)/m ψ_e + (2C_r b − 2C_f a)/(m v) ψ̇_e + 2C_f/m δ,
 * ψ̈_e = (2C_r b − 2C_f a)/(I v) ė + (2C_f a − 2C_r b)/I ψ_e − (2C_f a² + 2C_r b²)/(I v) ψ̇_e + 2C_f a/I δ, δ̇ = (u − δ)/τ.
 * u = u_s − K (x − x_s) with the steady bend u_s = δ_s = L κ + K_us v² κ and ψ_s = −b κ + a m v² κ / (2 C_r L).
 * Source: Rajamani, Vehicle Dynamics and Control, (2.45) and (3.12)–(3.14).
 */
export const lqr: Expert = {
  name: "lqr",
  summary: "regulates the lane errors of a linear car model with the least squared cost",
  worlds: ["LaneKeeping"],
  act(env: Env): Float32Array {
    const view = requireLane(env, "lqr");
    const gain = gainAt(view);
    const errors = errorsOf(view);
    const curvature = view.curvatureAhead(view.speed * (view.steeringLag + PERIOD));
    let command = steadyAngle(view, curvature);
    for (let i = 0; i < errors.length; i++) command -= gain[i]! * errors[i]!;
    return steerTo(view, command);
  },
};

const steadyAngle = ({ car, speed }: LaneView, curvature: number): number =>
  (wheelbase(car) + understeerGradient(car) * speed ** 2) * curvature;

/** x − x_s. */
function errorsOf(view: LaneView): readonly number[] {
  const { car, speed, headingError, lateralError } = view;
  const curvature = view.curvatureAhead(0);
  const slip = (car.lengthFront * car.mass * speed ** 2) / (2 * car.stiffnessRear * wheelbase(car));
  const steadyHeading = (slip - car.lengthRear) * curvature;
  return [
    lateralError,
    view.lateralSpeed * Math.cos(headingError) + speed * Math.sin(headingError),
    headingError - steadyHeading,
    view.yawRate - (speed * curvature) / (1 - curvature * lateralError),
    view.wheelAngle - steadyAngle(view, curvature),
  ];
}

const gains = new Map<string, readonly number[]>();

function gainAt({ car, speed, steeringLag }: LaneView): readonly number[] {
  const rounded = Math.max(1, Math.round(speed / SPEED_STEP) * SPEED_STEP);
  const key = `${rounded} ${steeringLag} ${car.stiffnessFront} ${car.stiffnessRear}`;
  let gain = gains.get(key);
  if (gain === undefined) {
    gain = computeGain(car, rounded, steeringLag);
    gains.set(key, gain);
  }
  return gain;
}

function computeGain(car: BicycleParameters, speed: number, lag: number): readonly number[] {
  const q = matrix(5, 5, (i, j) => (i === j ? COSTS[i]! : 0));
  return regulatorGain(discretize(errorDynamics(car, speed, lag), PERIOD), q, COMMAND_COST);
}

/** The linear error dynamics at a speed [m/s], as in the formulas above. */
export function errorDynamics(car: BicycleParameters, speed: number, lag: number): LinearSystem {
  const { mass, inertiaZ, lengthFront, lengthRear } = car;
  const front = 2 * car.stiffnessFront;
  const rear = 2 * car.stiffnessRear;
  const both = front + rear;
  const moment = front * lengthFront - rear * lengthRear;
  const spin = front * lengthFront ** 2 + rear * lengthRear ** 2;
  return {
    a: [
      [0, 1, 0, 0, 0],
      [0, -both / (mass * speed), both / mass, -moment / (mass * speed), front / mass],
      [0, 0, 0, 1, 0],
      [
        0,
        -moment / (inertiaZ * speed),
        moment / inertiaZ,
        -spin / (inertiaZ * speed),
        (front * lengthFront) / inertiaZ,
      ],
      [0, 0, 0, 0, -1 / lag],
    ],
    b: [[0], [0], [0], [0], [1 / lag]],
  };
}
