// Frames per second and core of the lane-keeping camera: `npm run bench -- camera [--quick]`.
// Counts CPU time, so that other programs on the machine disturb it less. Checks that frames are drawn, differ, and repeat byte by byte.
import { createHash } from "node:crypto";
import { cpus } from "node:os";
import { CAMERA_SHAPES, type CameraSize, imageSize } from "../envs/lane-keeping/camera-shape.ts";
import { Camera } from "../envs/lane-keeping/camera.ts";
import { drawLook } from "../envs/lane-keeping/look.ts";
import { ROAD_STYLES } from "../envs/lane-keeping/road-parameters.ts";
import { Road } from "../envs/lane-keeping/road.ts";
import { defaultRng } from "gymnasium-js";

const numFrames = process.argv.includes("--quick") ? 4000 : 30_000;
const GOALS: Readonly<Record<CameraSize, number>> = { small: 15_000, full: 5_000 };
const ROADS = 8;

/** Drives along the middle of a road and hashes every 50th frame. */
function drive(camera: Camera, road: Road, frames: number, pixels: Uint8Array): string {
  const state = new Float64Array(3);
  const hash = createHash("sha256");
  for (let f = 0; f < frames; f++) {
    const index = 60 + ((f * 7) % 1800);
    state[0] = road.x[index]!;
    state[1] = road.y[index]!;
    state[2] = road.heading[index]! + 0.04 * Math.sin(f);
    camera.render(pixels, 0, road, index * road.spacing, state);
    if (f % 50 === 0) hash.update(pixels);
  }
  return hash.digest("hex");
}

function measure(size: CameraSize): { framesPerSecond: number; goal: number } {
  const shape = CAMERA_SHAPES[size];
  const camera = new Camera(shape);
  const pixels = new Uint8Array(imageSize(shape));
  const road = new Road();
  const style = ROAD_STYLES.medium;
  let microseconds = 0;
  const hashes = new Set<string>();
  for (let seed = 0; seed < ROADS; seed++) {
    const rng = defaultRng(seed);
    const parameters = { ...style, length: 1000, closed: false, maxCurvature: 1 / style.minRadius, mirrored: false };
    road.generate(rng, parameters, { speed: 12, lateralAcceleration: null });
    const ranges = { lineWear: 0.4, missingMarkings: 0.1, shadows: 0.5, fog: 0.2, brightness: 1 };
    camera.setScene(
      { laneWidth: 3.5, numLanes: seed % 2 === 0 ? 1 : 2, leftHand: false },
      drawLook(rng, { randomLook: true, markings: "random", ...ranges }),
    );
    const first = drive(camera, road, 300, pixels);
    const before = process.cpuUsage();
    drive(camera, road, numFrames / ROADS, pixels);
    const used = process.cpuUsage(before);
    microseconds += used.user + used.system;
    if (drive(camera, road, 300, pixels) !== first) throw new Error(`camera ${size}: the same poses gave other frames`);
    hashes.add(first);
  }
  if (hashes.size !== ROADS) throw new Error(`camera ${size}: different roads gave the same frames`);
  return { framesPerSecond: Math.round((numFrames / microseconds) * 1e6), goal: GOALS[size] };
}

console.log(
  JSON.stringify({
    bench: "camera",
    clock: "cpu",
    cpu: cpus()[0]?.model ?? "unknown",
    node: process.version,
    numFrames,
    small: measure("small"),
    full: measure("full"),
  }),
);
