import type { ResetOptions } from "../env.ts";

/** What `reset` was given. Throws TypeError on anything but `{ seed, options }`, such as a bare seed as in Python's `reset(seed=3)`. */
export function checkResetOptions(where: string, given: ResetOptions): ResetOptions {
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${where}.reset: got ${String(given)} (${typeof given}), expected { seed, options }`);
  const { options } = given;
  if (options === undefined || (typeof options === "object" && options !== null && !Array.isArray(options)))
    return given;
  throw new TypeError(`${where}.reset options: got ${JSON.stringify(options)}, expected an object`);
}
