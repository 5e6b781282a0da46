import type { MakeOptions } from "../make.ts";
import type { EnvSpec } from "../registry.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { checkNumEnvs } from "../batch/slots-batch.ts";
import { AsyncVectorEnv } from "./async-vector-env.ts";
import type { AsyncVectorOptions } from "./async-vector-env.ts";

/** Options of `makeAsyncVec`: those of `make` and those of `AsyncVectorEnv`. */
export type MakeAsyncVecOptions = MakeOptions & AsyncVectorOptions;

/**
 * Makes `numEnvs` copies of a registered world, or of a spec with its wrappers, in worker threads: `makeVec` for slow environments.
 * Throws as `makeVec` and `AsyncVectorEnv.create` do.
 */
export async function makeAsyncVec(
  id: string | EnvSpec,
  numEnvs = 1,
  kwargs: Kwargs = {},
  options: MakeAsyncVecOptions = {},
): Promise<AsyncVectorEnv> {
  checkNumEnvs(`makeAsyncVec ${typeof id === "string" ? id : id.id}`, numEnvs);
  const { maxEpisodeSteps, disableEnvChecker, ...vectorOptions } = options;
  const makeOptions = {
    ...(maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps }),
    ...(disableEnvChecker === undefined ? {} : { disableEnvChecker }),
  };
  const copies = Array.from({ length: numEnvs }, () => ({ id, kwargs, options: makeOptions }));
  const env = await AsyncVectorEnv.create(copies, vectorOptions);
  env.spec = env.spec.with({ kwargs: { ...env.spec.kwargs, numEnvs, vectorizationMode: "async" } });
  return env;
}
