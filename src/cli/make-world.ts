import { type Env, make } from "gymnasium-js";
import { ConfigError } from "../errors.ts";

/**
 * Makes an environment. Throws GymError for an unknown id, ConfigError `bad-env-args` where the world refuses its arguments.
 */
export function makeWorld(id: string, args: Readonly<Record<string, unknown>>): Env {
  try {
    return make(id, args);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError)
      throw new ConfigError("bad-env-args", error.message, { cause: error });
    throw error;
  }
}
