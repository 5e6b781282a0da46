/** Index of each quantity in a bicycle's state vector. Left is positive: y, lateral speed, yaw rate and steering angle alike. */
export const X = 0;
/** Position along the world's second axis [m]. */
export const Y = 1;
/** Direction of the car's long axis [rad], counter-clockwise from the x axis. */
export const HEADING = 2;
/** Speed along the long axis [m/s]. */
export const SPEED = 3;
/** Speed of the centre of mass to the left of the long axis [m/s]. */
export const LATERAL_SPEED = 4;
/** Rate of turn [rad/s], counter-clockwise. */
export const YAW_RATE = 5;
/** Length of a bicycle's state vector. */
export const BICYCLE_STATE_SIZE = 6;

/** What a bicycle model must know of a car. Cornering stiffness is per tyre; each axle has two. */
export interface BicycleParameters {
  /** [kg] */
  readonly mass: number;
  /** Moment of inertia around the vertical axis [kg m²]. */
  readonly inertiaZ: number;
  /** Centre of mass to front axle [m]. */
  readonly lengthFront: number;
  /** Centre of mass to rear axle [m]. */
  readonly lengthRear: number;
  /** Cornering stiffness of one front tyre [N/rad]. */
  readonly stiffnessFront: number;
  /** Cornering stiffness of one rear tyre [N/rad]. */
  readonly stiffnessRear: number;
}

/** A mid-size passenger car: the example values of Rajamani, Vehicle Dynamics and Control (2nd ed.), chapter 2. */
export const PASSENGER_CAR: BicycleParameters = {
  mass: 1573,
  inertiaZ: 2873,
  lengthFront: 1.1,
  lengthRear: 1.58,
  stiffnessFront: 80_000,
  stiffnessRear: 80_000,
};

/** Distance between the axles [m]. */
export const wheelbase = (car: BicycleParameters): number => car.lengthFront + car.lengthRear;

/**
 * Steering needed per lateral acceleration beyond the kinematic angle [rad s²/m]: positive cars understeer.
 * K = m / (2 L) · (l_r / C_f − l_f / C_r), Rajamani (3.12) with two tyres per axle.
 */
export function understeerGradient(car: BicycleParameters): number {
  const { mass, lengthFront, lengthRear, stiffnessFront, stiffnessRear } = car;
  return (mass / (2 * wheelbase(car))) * (lengthRear / stiffnessFront - lengthFront / stiffnessRear);
}

/**
 * Time derivative of a bicycle's state, [BICYCLE_STATE_SIZE]. Steering [rad] is the front wheel's angle, acceleration [m/s²] acts
 * along the long axis, push [m/s²] is a sideways acceleration from outside (wind), left positive. Writes `out`.
 */
export type BicycleDerivative = (
  out: Float64Array,
  state: Float64Array,
  steering: number,
  acceleration: number,
  push: number,
  car: BicycleParameters,
) => void;

/** How long a push has to act until a car without tyre slip drifts at `push * DRIFT_SECONDS` (kinematic model only). */
export const DRIFT_SECONDS = 0.1;

/**
 * Kinematic bicycle about the centre of mass: wheels never slip.
 *
 * β = atan(l_r tan δ / (l_f + l_r)), ẋ = v cos(ψ + β), ẏ = v sin(ψ + β), ψ̇ = v sin β / l_r. Rajamani (2.1)–(2.6).
 * Lateral speed and yaw rate are consequences here, so their derivatives are 0. A push makes the car drift sideways.
 */
export const kinematicBicycle: BicycleDerivative = (out, state, steering, acceleration, push, car) => {
  const heading = state[HEADING]!;
  const speed = state[SPEED]!;
  const slip = Math.atan((car.lengthRear / wheelbase(car)) * Math.tan(steering));
  const drift = push * DRIFT_SECONDS;
  out[X] = speed * Math.cos(heading + slip) - drift * Math.sin(heading);
  out[Y] = speed * Math.sin(heading + slip) + drift * Math.cos(heading);
  out[HEADING] = (speed * Math.sin(slip)) / car.lengthRear;
  out[SPEED] = acceleration;
  out[LATERAL_SPEED] = 0;
  out[YAW_RATE] = 0;
};

/** Below this speed [m/s] tyre forces are replaced by damping: slip angles lose their meaning. */
export const MIN_TYRE_SPEED = 1;

/**
 * Dynamic bicycle with linear tyres: Rajamani chapter 2, equations (2.21), (2.22) and (2.25)–(2.28).
 *
 * θ_f = atan2(v_y + l_f r, v_x), θ_r = atan2(v_y − l_r r, v_x), F_f = 2 C_f (δ − θ_f), F_r = −2 C_r θ_r,
 * v̇_y = (F_f + F_r) / m − r v_x, ṙ = (l_f F_f − l_r F_r) / I_z.
 */
export const dynamicBicycle: BicycleDerivative = (out, state, steering, acceleration, push, car) => {
  const { mass, inertiaZ, lengthFront, lengthRear } = car;
  const heading = state[HEADING]!;
  const speed = state[SPEED]!;
  const lateral = state[LATERAL_SPEED]!;
  const yawRate = state[YAW_RATE]!;
  let front: number;
  let rear: number;
  if (Math.abs(speed) < MIN_TYRE_SPEED) {
    front = -mass * lateral - (inertiaZ / lengthFront) * yawRate;
    rear = -mass * lateral + (inertiaZ / lengthFront) * yawRate;
  } else {
    front = 2 * car.stiffnessFront * (steering - Math.atan2(lateral + lengthFront * yawRate, speed));
    rear = -2 * car.stiffnessRear * Math.atan2(lateral - lengthRear * yawRate, speed);
  }
  const cos = Math.cos(heading);
  const sin = Math.sin(heading);
  out[X] = cos * speed - sin * lateral;
  out[Y] = sin * speed + cos * lateral;
  out[HEADING] = yawRate;
  out[SPEED] = acceleration;
  out[LATERAL_SPEED] = (front + rear) / mass - yawRate * speed + push;
  out[YAW_RATE] = (lengthFront * front - lengthRear * rear) / inertiaZ;
};
