import type { Env } from "../env.ts";
import { GymError, ValueError } from "../errors.ts";
import { closestMatch } from "../registration/closest-match.ts";
import type { Kwargs, WrapperSpec } from "../registration/env-spec.ts";
import { builtInWrappers } from "./built-in-wrappers.ts";

/** Puts a wrapper around an env, from the arguments that the wrapper recorded. */
export type WrapperEntryPoint = (env: Env, kwargs: Kwargs) => Env;

const entryPoints = new Map<string, WrapperEntryPoint>(Object.entries(builtInWrappers));

/**
 * Makes a wrapper of your own known by the name of its class, so that specs which record it (`env.spec`) can be made again.
 * Throws ValueError when the name is taken.
 */
export function registerWrapper(name: string, entryPoint: WrapperEntryPoint): void {
  if (entryPoints.has(name)) throw new ValueError(`registerWrapper: ${name} is registered already`);
  entryPoints.set(name, entryPoint);
}

/** Puts a recorded wrapper around an env. Throws GymError for an unknown one, ValueError when its arguments were not recorded. */
export function wrapAgain(env: Env, { entryPoint, kwargs }: WrapperSpec): Env {
  if (kwargs === null) {
    throw new ValueError(
      `make: the arguments of ${entryPoint} were not recorded (a function cannot be), so it cannot be made again`,
    );
  }
  const wrap = entryPoints.get(entryPoint);
  if (wrap === undefined) {
    const match = closestMatch(entryPoint, entryPoints.keys());
    const advice = match === null ? "register it with registerWrapper" : `did you mean ${match}?`;
    throw new GymError(`make: no wrapper ${JSON.stringify(entryPoint)} is registered; ${advice}`);
  }
  return wrap(env, kwargs);
}
