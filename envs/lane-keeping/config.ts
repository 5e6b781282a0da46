import { closestMatch } from "../registration/closest-match.ts";
import type { CameraSize } from "./camera-shape.ts";
import type { LookRanges } from "./look.ts";
import type { Range } from "./range.ts";
import type { Difficulty } from "./road-parameters.ts";
import type { VehicleModel } from "./vehicle.ts";

/**
 * Arguments of LaneKeeping. A `Range` is a number, or [low, high] to draw one per episode. The page beside this file lists meaning
 * and units in a table.
 */
export interface LaneKeepingConfig extends LookRanges {
  readonly observation: "camera" | "state";
  /** Size of the image: small 39 × 100, full 78 × 200. */
  readonly camera: CameraSize;
  /** dynamic (tyres slip) or kinematic. */
  readonly vehicle: VehicleModel;
  /** What the action steers: the curvature to drive, or the angle of the front wheels. */
  readonly steering: "curvature" | "angle";
  /** A second action: accelerate and brake. */
  readonly throttle: boolean;
  /** easy, medium or hard: how narrow the bends are. */
  readonly difficulty: Difficulty;
  /** A circuit of about `length` metres instead of an open road. */
  readonly closed: boolean;
  /** The same world in a mirror. */
  readonly mirrored: boolean;
  readonly leftHandTraffic: boolean;
  /** Distance to drive [m]. */
  readonly length: number;
  /** Time limit [s]. */
  readonly maxSeconds: number;
  /** 1 or 2. */
  readonly lanes: Range;
  /** [m] */
  readonly laneWidth: Range;
  /** Wanted speed [m/s]. */
  readonly speed: Range;
  /** Constant speed; or slower in bends. "auto": bends on hard roads, constant otherwise. */
  readonly speedProfile: "auto" | "constant" | "bends";
  /** Bounds the curvature at constant speed, the speed otherwise [m/s²]. */
  readonly maxLateralAcceleration: number;
  /** Curvature of action 1 [1/m]; 0: 0.05, on hard roads 0.1. */
  readonly maxCurvature: number;
  /** Distance from the lane's centre that ends an episode [m]; 0: half the lane. */
  readonly maxLateralError: number;
  /** Offset from the lane's centre at the start [m]. */
  readonly startOffset: Range;
  /** Angle against the lane at the start [rad]. */
  readonly startHeading: Range;
  /** Weights of the reward; its formula is on the page. */
  readonly lateralWeight: number;
  readonly jerkWeight: number;
  readonly crashPenalty: number;
  /** Time constant that the wheels follow commands with [s]. */
  readonly steeringLag: Range;
  /** Factor on the tyres' stiffness. */
  readonly grip: Range;
  /** Variance of Gaussian noise on pixels in [0, 1], each byte alone. */
  readonly noiseVariance: Range;
  /** Share of the image hidden by a grey spot that moves every 20 steps. */
  readonly occlusion: Range;
  /** Added to pixels in [0, 1]. */
  readonly brightnessShift: Range;
  /** Chance that a frame is lost: the step lasts a period longer. */
  readonly dropRate: Range;
  /** Steps last 1 ± this control periods. */
  readonly timeJitter: Range;
  /** Angle by which the wheels are misaligned [rad]. */
  readonly steeringOffset: Range;
  /** Sideways acceleration by wind [m/s²]. */
  readonly sideWind: Range;
}

/** Defaults of all arguments. */
export const LANE_KEEPING_DEFAULTS: LaneKeepingConfig = {
  observation: "camera",
  camera: "small",
  vehicle: "dynamic",
  steering: "curvature",
  throttle: false,
  difficulty: "medium",
  closed: false,
  mirrored: false,
  leftHandTraffic: false,
  length: 1000,
  maxSeconds: 400,
  lanes: 2,
  laneWidth: 3.5,
  speed: [8.5, 16.5],
  speedProfile: "auto",
  maxLateralAcceleration: 2.5,
  maxCurvature: 0,
  maxLateralError: 0,
  startOffset: [-0.3, 0.3],
  startHeading: [-0.03, 0.03],
  lateralWeight: 0.5,
  jerkWeight: 0.002,
  crashPenalty: 10,
  steeringLag: 0.15,
  grip: 1,
  noiseVariance: 0,
  occlusion: 0,
  brightnessShift: 0,
  dropRate: 0,
  timeJitter: 0,
  steeringOffset: 0,
  sideWind: 0,
  randomLook: true,
  markings: "random",
  lineWear: [0, 0.6],
  missingMarkings: 0,
  shadows: [0, 0.7],
  fog: [0, 0.5],
  brightness: [0.8, 1.15],
};

/** Names of the arguments that take a Range. */
export const RANGE_NAMES = [
  "lanes",
  "laneWidth",
  "speed",
  "startOffset",
  "startHeading",
  "steeringLag",
  "grip",
  "noiseVariance",
  "occlusion",
  "brightnessShift",
  "dropRate",
  "timeJitter",
  "steeringOffset",
  "sideWind",
  "lineWear",
  "missingMarkings",
  "shadows",
  "fog",
  "brightness",
] as const satisfies readonly (keyof LaneKeepingConfig)[];

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  observation: ["camera", "state"],
  camera: ["small", "full"],
  vehicle: ["dynamic", "kinematic"],
  steering: ["curvature", "angle"],
  difficulty: ["easy", "medium", "hard"],
  speedProfile: ["auto", "constant", "bends"],
  markings: ["full", "random", "none"],
};

/** Smallest and largest sensible value of each number. */
const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  length: [50, 100_000],
  maxSeconds: [1, 100_000],
  lanes: [1, 2],
  laneWidth: [2.2, 6],
  speed: [3, 40],
  maxLateralAcceleration: [0.5, 8],
  maxCurvature: [0, 0.18],
  maxLateralError: [0, 5],
  startOffset: [-3, 3],
  startHeading: [-0.8, 0.8],
  lateralWeight: [0, 100],
  jerkWeight: [0, 100],
  crashPenalty: [0, 10_000],
  steeringLag: [0.02, 1],
  grip: [0.3, 1.5],
  noiseVariance: [0, 1],
  occlusion: [0, 1],
  brightnessShift: [-1, 1],
  dropRate: [0, 0.9],
  timeJitter: [0, 0.9],
  steeringOffset: [-0.2, 0.2],
  sideWind: [-5, 5],
  lineWear: [0, 1],
  missingMarkings: [0, 1],
  shadows: [0, 1],
  fog: [0, 0.95],
  brightness: [0.2, 2],
};

/**
 * Takes arguments over `base`. Throws TypeError that names the argument, what came and what was expected, with the nearest name for an
 * unknown one.
 */
export function readConfig(
  where: string,
  given: Readonly<Record<string, unknown>>,
  base: LaneKeepingConfig = LANE_KEEPING_DEFAULTS,
): LaneKeepingConfig {
  for (const [name, value] of Object.entries(given)) {
    const problem = problemWith(name, value);
    if (problem !== null) throw new TypeError(`${where}${problem}`);
  }
  return { ...base, ...given };
}

function problemWith(name: string, value: unknown): string | null {
  const names = Object.keys(LANE_KEEPING_DEFAULTS);
  if (!names.includes(name)) {
    const match = closestMatch(name, names);
    return `: unknown argument ${name}${match === null ? `, expected one of ${names.join(", ")}` : `; did you mean ${match}?`}`;
  }
  const came = `.${name}: got ${JSON.stringify(value) ?? String(value)}`;
  const choices = CHOICES[name];
  if (choices) return choices.includes(value as string) ? null : `${came}, expected one of ${choices.join(", ")}`;
  const limits = LIMITS[name];
  if (!limits) return typeof value === "boolean" ? null : `${came}, expected true or false`;
  const span = `between ${limits[0]} and ${limits[1]}`;
  if (isWithin(value, limits)) return null;
  if (!(RANGE_NAMES as readonly string[]).includes(name)) return `${came}, expected a number ${span}`;
  return isRange(value, limits) ? null : `${came}, expected a number ${span}, or [low, high] of such`;
}

function isRange(value: unknown, limits: readonly [number, number]): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [low, high] = value as readonly unknown[];
  return isWithin(low, limits) && isWithin(high, limits) && low <= high;
}

function isWithin(value: unknown, [low, high]: readonly [number, number]): value is number {
  return typeof value === "number" && value >= low && value <= high;
}
