import { InvalidSnapshot } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { type LaneKeepingConfig, readConfig } from "./config.ts";
import type { DriveState } from "./drive-state.ts";
import type { SceneShelf } from "./scene-shelf.ts";

/** The fields of a drive that are plain numbers, in the order of the snapshot. */
const TALLY = ["distance", "crashes", "numSteps", "lateral", "maxLateral", "heading", "steering", "seconds"] as const;

/** Arguments of the scene that differ from the world's: what `reset` options changed. */
function changesOf(config: LaneKeepingConfig, world: LaneKeepingConfig): Record<string, unknown> {
  if (config === world) return {}; // nearly always, and a snapshot may be taken at every step
  const changed = Object.entries(config).filter(([name, value]) => world[name as keyof LaneKeepingConfig] !== value);
  return Object.fromEntries(changed);
}

/** Writes a drive: the road's seed instead of the road, then all that moves. */
export function saveDrive(drive: DriveState, writer: ByteWriter, world: LaneKeepingConfig): void {
  const { scene, vehicle, position, tally } = drive;
  const changes = new TextEncoder().encode(JSON.stringify(changesOf(scene.config, world)));
  writer.uint32(scene.seed);
  writer.uint32(changes.length);
  writer.bytes(changes);
  writer.float64s(vehicle.state);
  writer.float64s([position.station, position.lateral, position.headingError, drive.periods, drive.command]);
  writer.uint32(drive.numSteps);
  writer.float64s(TALLY.map((name) => tally[name]));
  writer.uint8(drive.hasCrashed ? 1 : 0);
  writer.uint8(drive.hasEnded ? 1 : 0);
}

/** Reads what `saveDrive` wrote. Throws InvalidSnapshot on what cannot be. */
export function loadDrive(drive: DriveState, reader: ByteReader, world: LaneKeepingConfig, shelf: SceneShelf): void {
  const seed = reader.uint32();
  shelf.load(drive, seed, readChanges(reader.bytes(reader.uint32()), world));
  const { vehicle, position, tally } = drive;
  drive.fitVehicle();
  reader.float64s(vehicle.state);
  position.station = reader.float64();
  position.lateral = reader.float64();
  position.headingError = reader.float64();
  drive.periods = reader.float64();
  drive.command = reader.float64();
  drive.numSteps = reader.uint32();
  for (const name of TALLY) tally[name] = reader.float64();
  drive.hasCrashed = reader.uint8(1) === 1;
  drive.hasEnded = reader.uint8(1) === 1;
}

function readChanges(bytes: Uint8Array, world: LaneKeepingConfig): LaneKeepingConfig {
  try {
    const changes = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<string, unknown>;
    return readConfig("snapshot", changes, world);
  } catch (cause) {
    throw new InvalidSnapshot("snapshot: the arguments of the road are damaged", { cause });
  }
}
