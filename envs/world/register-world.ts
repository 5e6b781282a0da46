import { register } from "../registry.ts";
import type { EnvSpec, EnvSpecFields, Kwargs } from "../registration/env-spec.ts";
import type { RandomStream } from "./random-stream.ts";
import { WorldBatch } from "./world-batch.ts";
import { WorldEnv } from "./world-env.ts";
import type { World } from "./world.ts";

/** Registers a world in its single and its batched form. `world` makes it from its arguments and throws on wrong ones. */
export function registerWorld<S, R extends RandomStream>(
  fields: Omit<EnvSpecFields, "entryPoint" | "batchEntryPoint">,
  world: (kwargs: Kwargs) => World<S, R>,
): EnvSpec {
  return register({
    ...fields,
    entryPoint: (kwargs) => new WorldEnv(world(kwargs)),
    batchEntryPoint: (numEnvs, kwargs, options) => new WorldBatch(world(kwargs), numEnvs, options),
  });
}
