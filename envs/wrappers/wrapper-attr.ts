import type { Env } from "../env.ts";
import { AttributeError } from "../errors.ts";
import { Wrapper } from "./wrapper.ts";

/** Whether the env or anything it wraps has an attribute. */
export function hasWrapperAttr(env: Env, name: string): boolean {
  return findOwner(env, name) !== null;
}

/** The attribute of the outermost layer that has it. Throws AttributeError when none does. */
export function getWrapperAttr(env: Env, name: string): unknown {
  const owner = findOwner(env, name);
  if (owner === null) throw new AttributeError(`${String(env)} has no attribute ${name}, nor has anything it wraps`);
  return (owner as unknown as Record<string, unknown>)[name];
}

/**
 * Sets the attribute on the outermost layer that has it; if none does and `force`, on `env` itself.
 * Returns whether it was set.
 */
export function setWrapperAttr(env: Env, name: string, value: unknown, force = true): boolean {
  const owner = findOwner(env, name) ?? (force ? env : null);
  if (owner === null) return false;
  (owner as unknown as Record<string, unknown>)[name] = value;
  return true;
}

function findOwner(env: Env, name: string): Env | null {
  if (name in env) return env;
  return env instanceof Wrapper ? findOwner(env.env as Env, name) : null;
}
