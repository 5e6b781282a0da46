import { checkNumEnvs, SlotsBatch } from "../batch/slots-batch.ts";
import { WorldSlots } from "../batch/world-slots.ts";
import type { BatchOptions } from "../batch/world-slots.ts";
import type { RandomStream } from "./random-stream.ts";
import type { World } from "./world.ts";

/**
 * The batched form of a world: N states, N random streams, time limit, same-step autoreset. A step allocates nothing.
 * `makeBatch` makes one for a registered world.
 */
export class WorldBatch<S, R extends RandomStream> extends SlotsBatch {
  constructor(world: World<S, R>, numEnvs: number, options: BatchOptions) {
    super(new WorldSlots(world, checkNumEnvs(`${world.name} batch`, numEnvs), options));
  }
}
