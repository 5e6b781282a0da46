import { defaultRng } from "../random/generator.ts";
import { CAMERA_SHAPES } from "./camera-shape.ts";
import { Camera } from "./camera.ts";
import type { LaneKeepingConfig } from "./config.ts";
import type { LaneLayout } from "./cross-section.ts";
import { type Look, drawLook } from "./look.ts";
import { type Range, drawRange } from "./range.ts";
import { ROAD_STYLES, type RoadParameters } from "./road-parameters.ts";
import { Road, type SpeedLimits } from "./road.ts";

/** Arguments that are numbers drawn once per episode, beside the look. */
const DRAWN = [
  "speed",
  "lanes",
  "laneWidth",
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
] as const satisfies readonly (keyof LaneKeepingConfig)[];

/** What was drawn for one episode, by argument name. */
export type Drawn = Record<(typeof DRAWN)[number], number>;

/** Curvature of action 1 by default, and on hard roads [1/m]. */
const MAX_CURVATURE = 0.05;
const MAX_CURVATURE_HARD = 0.1;

/** Everything of an episode that does not move: a pure function of a seed and the arguments. */
export class Scene {
  seed = 0;
  config: LaneKeepingConfig;
  readonly road = new Road();
  readonly drawn: Drawn = Object.fromEntries(DRAWN.map((name) => [name, 0])) as Drawn;
  layout: LaneLayout = { laneWidth: 3.5, numLanes: 2, leftHand: false };
  #look: Look | null = null;
  #camera: Camera | null = null;
  #isCameraReady = false;

  constructor(config: LaneKeepingConfig) {
    this.config = config;
  }

  /** How the episode looks. Throws before the first `build`. */
  get look(): Look {
    if (this.#look === null) throw new Error("internal: the scene was not built");
    return this.#look;
  }

  /** Curvature of action 1 [1/m]. */
  get maxCurvature(): number {
    const { maxCurvature, difficulty } = this.config;
    return maxCurvature > 0 ? maxCurvature : difficulty === "hard" ? MAX_CURVATURE_HARD : MAX_CURVATURE;
  }

  /** Distance from the lane's centre at which the lane is left [m]. */
  get maxLateralError(): number {
    return this.config.maxLateralError > 0 ? this.config.maxLateralError : this.drawn.laneWidth / 2;
  }

  /** Draws the numbers, the look and the road of an episode, in this order. */
  build(seed: number, config: LaneKeepingConfig): void {
    const random = defaultRng(seed);
    this.seed = seed;
    this.config = config;
    for (const name of DRAWN) this.drawn[name] = drawRange(random, config[name] as Range);
    this.layout = {
      laneWidth: this.drawn.laneWidth,
      numLanes: Math.round(this.drawn.lanes) === 1 ? 1 : 2,
      leftHand: config.leftHandTraffic !== config.mirrored,
    };
    this.#look = drawLook(random, config);
    this.#isCameraReady = false;
    this.road.generate(random, roadParameters(config, this.drawn.speed), speedLimits(config, this.drawn.speed));
  }

  /** The camera, with the tables of this scene. Made and filled on first use. */
  get camera(): Camera {
    this.#camera ??= new Camera(CAMERA_SHAPES[this.config.camera]);
    if (!this.#isCameraReady) this.#camera.setScene(this.layout, this.look);
    this.#isCameraReady = true;
    return this.#camera;
  }
}

const slowsInBends = ({ speedProfile, difficulty }: LaneKeepingConfig): boolean =>
  speedProfile === "bends" || (speedProfile === "auto" && difficulty === "hard");

/** At constant speed bends are wide enough for it; otherwise only the difficulty bounds them. */
function roadParameters(config: LaneKeepingConfig, speed: number): RoadParameters {
  const style = ROAD_STYLES[config.difficulty];
  const fastest = slowsInBends(config) ? Infinity : config.maxLateralAcceleration / speed ** 2;
  const { length, closed, mirrored } = config;
  return { ...style, length, closed, mirrored, maxCurvature: Math.min(1 / style.minRadius, fastest) };
}

function speedLimits(config: LaneKeepingConfig, speed: number): SpeedLimits {
  return { speed, lateralAcceleration: slowsInBends(config) ? config.maxLateralAcceleration : null };
}
