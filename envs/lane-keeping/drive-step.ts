import { SPEED } from "./bicycle.ts";
import type { DriveState } from "./drive-state.ts";
import { hashUnit, smoothNoise } from "./hash.ts";

/** Nominal control period [s]: 30 Hz. */
export const CONTROL_PERIOD = 1 / 30;
/** Integration steps per control period. */
const SUBSTEPS = 2;
/** At most this many frames are lost in a row. */
const MAX_DROPS = 10;
/** Cruise control: time to reach the wanted speed [s], and the strongest acceleration and braking [m/s²]. */
const SPEED_LAG = 0.4;
const MAX_ACCELERATION = 2;
const MAX_BRAKING = 5;
/** Largest jerk penalty per control period. */
const MAX_JERK_PENALTY = 0.5;
/** Streams of an episode's hashed randomness. */
const DROP_STREAM = 1;
const JITTER_STREAM = 20;
const GUST_STREAM = 21;

/** What a step gives back; the fields of `Outcome`. */
interface StepOutcome {
  reward: number;
  terminated: boolean;
  truncated: boolean;
  elapsed: number;
}

/**
 * Drives one step with a steering action in [-1, 1] and, with a throttle, a second one; null: cruise control.
 *
 * A step takes one control period, more when frames are dropped, up to ± `timeJitter`. The commands hold for all of it.
 */
export function driveStep(drive: DriveState, steering: number, throttle: number | null, outcome: StepOutcome): void {
  const { vehicle, position, scene, input } = drive;
  const elapsed = elapsedPeriods(drive);
  const numParts = Math.ceil(elapsed * SUBSTEPS);
  const seconds = elapsed * CONTROL_PERIOD;
  const stationBefore = position.station;
  const curvatureBefore = vehicle.curvature;
  const command = wantedAngle(drive, steering);
  for (let part = 0; part < numParts && !drive.hasCrashed; part++) {
    input.steering = command;
    input.acceleration = acceleration(drive, throttle);
    input.push = windAt(drive, drive.periods + (elapsed * part) / numParts);
    vehicle.step(input, seconds / numParts);
    position.update(scene.road, vehicle.state);
    drive.hasCrashed = Math.abs(position.lateral) > scene.maxLateralError;
  }
  drive.command = steering;
  drive.periods += elapsed;
  drive.numSteps += 1;
  const change = vehicle.curvature - curvatureBefore;
  outcome.elapsed = elapsed;
  outcome.terminated = drive.hasCrashed;
  outcome.truncated = !drive.hasCrashed && hasArrived(drive);
  outcome.reward = rewardOf(drive, position.station - stationBefore, change / seconds, elapsed);
  drive.tally.add(position.lateral, position.headingError, change, seconds);
  drive.tally.distance = drive.distance;
  drive.tally.crashes = drive.hasCrashed ? 1 : 0;
  drive.hasEnded = outcome.terminated || outcome.truncated;
}

/** Time until the next frame arrives, in control periods. */
function elapsedPeriods({ scene, numSteps }: DriveState): number {
  const { dropRate, timeJitter } = scene.drawn;
  let elapsed = 1;
  if (timeJitter > 0) elapsed += timeJitter * (2 * hashUnit(scene.seed, numSteps, JITTER_STREAM) - 1);
  for (let i = 0; i < MAX_DROPS && dropRate > 0; i++) {
    if (hashUnit(scene.seed, numSteps, DROP_STREAM + i) >= dropRate) break;
    elapsed += 1;
  }
  return elapsed;
}

/** The front wheel angle that an action asks for [rad], with the episode's offset. */
function wantedAngle({ scene, vehicle }: DriveState, steering: number): number {
  const side = scene.config.mirrored ? -1 : 1;
  const full = scene.config.steering === "curvature" ? scene.maxCurvature : vehicle.steering.maxAngle;
  const angle = scene.config.steering === "curvature" ? vehicle.angleFor(steering * full) : steering * full;
  return angle + side * scene.drawn.steeringOffset;
}

function acceleration(drive: DriveState, throttle: number | null): number {
  if (throttle !== null) return throttle > 0 ? throttle * MAX_ACCELERATION : throttle * MAX_BRAKING;
  const wanted = (drive.wantedSpeed - drive.vehicle.state[SPEED]!) / SPEED_LAG;
  return Math.max(-MAX_BRAKING, Math.min(MAX_ACCELERATION, wanted));
}

/** Sideways acceleration by wind [m/s²]: half steady, half gusts of about a second. */
function windAt({ scene }: DriveState, periods: number): number {
  const { sideWind } = scene.drawn;
  if (sideWind === 0) return 0;
  const side = scene.config.mirrored ? -1 : 1;
  return side * sideWind * (0.5 + 0.5 * (2 * smoothNoise(scene.seed, periods / 30, GUST_STREAM) - 1));
}

function hasArrived(drive: DriveState): boolean {
  const { length, maxSeconds } = drive.scene.config;
  return drive.distance >= length || drive.periods * CONTROL_PERIOD >= maxSeconds;
}

/**
 * 1 per control period at the wanted speed along the lane, minus `lateralWeight` (e / half lane)², minus `jerkWeight` times the
 * squared lateral jerk v² dκ/dt [m/s³], and minus `crashPenalty` for leaving the lane.
 */
function rewardOf(drive: DriveState, progress: number, curvatureRate: number, elapsed: number): number {
  const { config, drawn } = drive.scene;
  const speed = drive.vehicle.state[SPEED]!;
  const along = Math.min(1, progress / (elapsed * CONTROL_PERIOD * drive.wantedSpeed));
  const offset = drive.position.lateral / (drawn.laneWidth / 2);
  const jerk = speed * speed * curvatureRate;
  const discomfort = Math.min(MAX_JERK_PENALTY, config.jerkWeight * jerk * jerk);
  const reward = elapsed * (along - config.lateralWeight * offset * offset - discomfort);
  return drive.hasCrashed ? reward - config.crashPenalty : reward;
}
