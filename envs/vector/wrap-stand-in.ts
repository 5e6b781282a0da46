import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { VectorEnv } from "./vector-env.ts";

/** Puts a single-env wrapper around what looks like one copy of a vector env, but cannot be stepped. */
export function wrapStandIn(env: VectorEnv, wrap: (env: Env) => Env, owner: string): Env {
  const noEnv = (): never => {
    throw new ValueError(`${owner}: the wrapper may not step, reset or draw an env of its own`);
  };
  const { singleObservationSpace, singleActionSpace, metadata, spec } = env;
  return wrap({
    observationSpace: singleObservationSpace,
    actionSpace: singleActionSpace,
    metadata,
    spec,
    reset: noEnv,
    step: noEnv,
    render: noEnv,
    snapshot: noEnv,
    restore: noEnv,
    close: noEnv,
  });
}
