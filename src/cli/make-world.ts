import { type BatchEnv, makeBatch } from "gymnasium-js";
import { ConfigError } from "../errors.ts";

/**
 * One environment in the batched form. Throws GymError for an unknown id, ConfigError `bad-env-args` where the world refuses its
 * arguments.
 */
export function makeWorld(id: string, args: Readonly<Record<string, unknown>>): BatchEnv {
  try {
    return makeBatch(id, 1, args);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new ConfigError("bad-env-args", error.message, { cause: error });
    throw error;
  }
}
