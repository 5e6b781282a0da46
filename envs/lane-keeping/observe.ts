import { LATERAL_SPEED, SPEED, YAW_RATE } from "./bicycle.ts";
import { imageSize } from "./camera-shape.ts";
import type { DriveState } from "./drive-state.ts";
import { hash32, hashUnit } from "./hash.ts";
import { addPixelNoise, occlude, shiftBrightness } from "./pixel-noise.ts";

/** Distances ahead at which the `state` observation tells the lane's curvature [m]. */
export const LOOK_AHEAD = [0, 4, 8, 14, 22, 32] as const;
/** Length of the `state` observation. */
export const STATE_SIZE = 6 + LOOK_AHEAD.length;
/** Every number of the `state` observation lies within ± this. */
export const STATE_BOUND = 10;

/** Units that bring the numbers of the `state` observation near 1. */
const HEADING_UNIT = 0.2; // rad
const LATERAL_SPEED_UNIT = 1; // m/s
const YAW_RATE_UNIT = 0.5; // rad/s
const SPEED_UNIT = 20; // m/s

/** Steps that something stays stuck to the lens. */
const OCCLUSION_STEPS = 20;
const OCCLUSION_STREAM = 30;
const NOISE_STREAM = 32;

/** Writes the `state` observation: errors in the lane, the car's motion, and the lane's curvature ahead. */
export function observeState(drive: DriveState, obs: Float32Array, at: number): void {
  const { vehicle, position, scene } = drive;
  obs[at] = bounded(position.lateral / (scene.drawn.laneWidth / 2));
  obs[at + 1] = bounded(position.headingError / HEADING_UNIT);
  obs[at + 2] = bounded(vehicle.state[LATERAL_SPEED]! / LATERAL_SPEED_UNIT);
  obs[at + 3] = bounded(vehicle.state[YAW_RATE]! / YAW_RATE_UNIT);
  obs[at + 4] = bounded(vehicle.curvature / scene.maxCurvature);
  obs[at + 5] = bounded(vehicle.state[SPEED]! / SPEED_UNIT);
  for (let i = 0; i < LOOK_AHEAD.length; i++) {
    obs[at + 6 + i] = bounded(scene.road.curvatureAt(position.station + LOOK_AHEAD[i]!) / scene.maxCurvature);
  }
}

const bounded = (value: number): number => Math.max(-STATE_BOUND, Math.min(STATE_BOUND, value));

/** Draws the camera's image and then what disturbs it. The same state gives the same bytes. */
export function observeCamera(drive: DriveState, obs: Uint8Array, at: number): void {
  const { scene, position, vehicle, numSteps } = drive;
  const { camera, drawn, seed } = scene;
  const size = imageSize(camera.shape);
  camera.render(obs, at, scene.road, position.station, vehicle.state);
  if (drawn.brightnessShift !== 0) shiftBrightness(obs, at, size, drawn.brightnessShift);
  if (drawn.occlusion > 0) {
    const spot = Math.floor(numSteps / OCCLUSION_STEPS);
    const left = hashUnit(seed, spot, OCCLUSION_STREAM);
    occlude(obs, at, camera.shape, drawn.occlusion, left, hashUnit(seed, spot, OCCLUSION_STREAM + 1));
  }
  if (drawn.noiseVariance > 0) {
    const noiseSeed = hash32(hash32(seed + NOISE_STREAM) + numSteps);
    addPixelNoise(obs, at, size, drawn.noiseVariance, noiseSeed);
  }
}
