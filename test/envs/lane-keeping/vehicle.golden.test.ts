import { describe, test } from "vitest";
import {
  BICYCLE_STATE_SIZE,
  type BicycleDerivative,
  type BicycleParameters,
  SPEED,
  YAW_RATE,
  dynamicBicycle,
  kinematicBicycle,
} from "../../../envs/lane-keeping/bicycle.ts";
import { Rk4 } from "../../../envs/lane-keeping/rk4.ts";
import { expectClose } from "../../helpers/expect-close.ts";
import { describeGolden } from "../../helpers/golden.ts";

type State6 = [number, number, number, number, number, number];
type KinematicRow = [[number, number], number, number, number, number, number, [number, number], number, number];
type DynamicRow = [State6, number, number, number, State6, State6];
interface HighwayRun {
  readonly seed: number;
  readonly reset: { readonly state6: State6 };
  readonly steps: readonly { readonly a: readonly [number]; readonly state6: State6 }[];
}
interface HighwayGolden {
  readonly constants: Readonly<Record<string, number>>;
  readonly tables?: { readonly kinematic?: readonly KinematicRow[]; readonly dynamic?: readonly DynamicRow[] };
  readonly runs?: readonly HighwayRun[];
}

/** HighwayEnv steers by ± π/3, and runs at 10 Hz without acceleration. */
const FULL_STEERING = Math.PI / 3;
const RUN_PERIOD = 0.1;
const ONE_STEP = 1e-9;

function highwayCar(constants: HighwayGolden["constants"]): BicycleParameters {
  return {
    mass: constants["MASS"]!,
    inertiaZ: constants["INERTIA_Z"]!,
    lengthFront: constants["LENGTH_A"]!,
    lengthRear: constants["LENGTH_B"]!,
    stiffnessFront: constants["FRICTION_FRONT"]!,
    stiffnessRear: constants["FRICTION_REAR"]!,
  };
}

function derivativeOf(
  model: BicycleDerivative,
  row: readonly number[],
  steering: number,
  acceleration: number,
  car: BicycleParameters,
): Float64Array {
  const out = new Float64Array(BICYCLE_STATE_SIZE);
  model(out, Float64Array.from(row), steering, acceleration, 0, car);
  return out;
}

describeGolden<HighwayGolden>("envs/highway_lane_keeping.json", (golden) => {
  const car = highwayCar(golden.constants);
  const moved = (state: State6, steering: number, acceleration: number, seconds: number): Float64Array => {
    const next = Float64Array.from(state);
    const limit = golden.constants["MAX_ANGULAR_SPEED"]!;
    next[YAW_RATE] = Math.max(-limit, Math.min(limit, next[YAW_RATE]!)); // HighwayEnv bounds the yaw rate before a step
    new Rk4(next.length, (out, at) => dynamicBicycle(out, at, steering, acceleration, 0, car)).step(next, seconds);
    return next;
  };

  describe("kinematic bicycle", () => {
    for (const [i, row] of (golden.tables?.kinematic ?? []).entries()) {
      test(`row ${i}: one Euler step is HighwayEnv's (within ${ONE_STEP})`, () => {
        const [position, heading, speed, steering, acceleration, dt, nextPosition, nextHeading, nextSpeed] = row;
        const state = [...position, heading, speed, 0, 0];
        const rate = derivativeOf(kinematicBicycle, state, steering, acceleration, car);
        const next = state.map((value, k) => value + dt * rate[k]!);
        expectClose(
          "x, y, heading, speed",
          next.slice(0, SPEED + 1),
          [...nextPosition, nextHeading, nextSpeed],
          ONE_STEP,
        );
      });
    }
  });

  describe("dynamic bicycle", () => {
    for (const [i, [state, steering, acceleration, dt, derivative, next]] of (golden.tables?.dynamic ?? []).entries()) {
      test(`row ${i}: derivative and one RK4 step are HighwayEnv's (within ${ONE_STEP} relative)`, () => {
        const rate = derivativeOf(dynamicBicycle, state, steering, acceleration, car);
        const relative = (values: ArrayLike<number>): number[] =>
          Array.from(values, (v, k) => v / Math.max(1, Math.abs(derivative[k]!)));
        expectClose("derivative", relative(rate), relative(derivative), ONE_STEP);
        expectClose("next state", moved(state, steering, acceleration, dt), next, ONE_STEP);
      });
    }
  });

  for (const run of golden.runs ?? []) {
    test(`run of seed ${run.seed}: every step follows from the one before (within ${ONE_STEP})`, () => {
      let before = run.reset.state6;
      for (const [t, { a, state6 }] of run.steps.entries()) {
        expectClose(`step ${t}`, moved(before, a[0] * FULL_STEERING, 0, RUN_PERIOD), state6, ONE_STEP);
        before = state6;
      }
    });
  }
});
