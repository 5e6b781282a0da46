import { registerWorld } from "../world/register-world.ts";
import { laneKeeping } from "./lane-keeping.ts";

/** Makes the driving worlds known. */
export function registerLaneKeeping(): void {
  registerWorld({ id: "LaneKeeping-v0" }, laneKeeping);
}
