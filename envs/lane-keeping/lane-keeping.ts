import type { ObsArray } from "../batch-env.ts";
import type { Info } from "../env.ts";
import { ValueError } from "../errors.ts";
import { type Generator, defaultRng } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import type { ActionArray, Outcome, World } from "../world/world.ts";
import { SPEED } from "./bicycle.ts";
import { CAMERA_SHAPES } from "./camera-shape.ts";
import { type LaneKeepingConfig, readConfig } from "./config.ts";
import { DriveState } from "./drive-state.ts";
import { driveStep } from "./drive-step.ts";
import { STATE_BOUND, STATE_SIZE, observeCamera, observeState } from "./observe.ts";
import { drawDrive } from "./picture.ts";
import { SceneShelf } from "./scene-shelf.ts";
import { loadDrive, saveDrive } from "./snapshot.ts";

/** Arguments that spaces depend on; `reset` options cannot change them. */
const FIXED_NAMES = ["observation", "camera", "vehicle", "throttle"] as const;

/** The world of `LaneKeeping-v0`: keep a car in its lane, from camera images or from numbers. See README.md beside this file. */
export function laneKeeping(kwargs: Kwargs = {}): World<DriveState, Generator> {
  const config = readConfig("LaneKeeping", kwargs);
  const shelf = new SceneShelf(config);
  const isCamera = config.observation === "camera";
  return {
    name: "LaneKeeping",
    observationSpace: observationSpace(config),
    actionSpace: new Box(-1, 1, { shape: [config.throttle ? 2 : 1] }),
    metadata: { renderFps: 30 },
    createRandom: defaultRng,
    createState: () => new DriveState(config, shelf.empty),
    reset(drive: DriveState, random: Generator, options?: Kwargs): void {
      const { roadSeed, ...changes } = options ?? {};
      const seed = readRoadSeed(roadSeed) ?? Math.floor(random.random() * 2 ** 32);
      shelf.build(drive, seed, withOptions(config, changes));
      drive.start();
    },
    step(drive: DriveState, actions: ActionArray, at: number, _random: Generator, outcome: Outcome): void {
      driveStep(drive, actions[at]!, config.throttle ? actions[at + 1]! : null, outcome);
    },
    observe(drive: DriveState, obs: ObsArray, at: number): void {
      if (isCamera) observeCamera(drive, obs as Uint8Array, at);
      else observeState(drive, obs as Float32Array, at); // by the observation space
    },
    info: driveInfo,
    save: (drive, writer) => saveDrive(drive, writer, config),
    load: (drive, reader) => loadDrive(drive, reader, config, shelf),
    draw: drawDrive,
  };
}

function observationSpace({ observation, camera }: LaneKeepingConfig): Box {
  if (observation === "state") return new Box(-STATE_BOUND, STATE_BOUND, { shape: [STATE_SIZE] });
  const { height, width } = CAMERA_SHAPES[camera];
  return new Box(0, 255, { shape: [height, width, 3], dtype: "uint8" });
}

function withOptions(config: LaneKeepingConfig, changes: Kwargs): LaneKeepingConfig {
  if (Object.keys(changes).length === 0) return config;
  for (const name of FIXED_NAMES) {
    if (name in changes) {
      throw new ValueError(`LaneKeeping.reset options: ${name} is fixed when the world is made, give it to make()`);
    }
  }
  try {
    return readConfig("LaneKeeping.reset options", changes, config);
  } catch (cause) {
    throw new ValueError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function readRoadSeed(value: unknown): number | null {
  if (value === undefined) return null;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw new ValueError(
    `LaneKeeping.reset options.roadSeed: got ${JSON.stringify(value)}, expected an integer from 0 to 2^32 - 1`,
  );
}

/** Where the car is; after the last step also how the episode went. */
function driveInfo(drive: DriveState): Info {
  const { position, scene, vehicle } = drive;
  const info = {
    lateralError: position.lateral,
    headingError: position.headingError,
    curvature: scene.road.curvatureAt(position.station),
    speed: vehicle.state[SPEED]!,
    distance: drive.distance,
    roadSeed: scene.seed,
    hasCrashed: drive.hasCrashed,
  };
  return drive.hasEnded ? { ...info, metrics: drive.tally.metrics() } : info;
}
