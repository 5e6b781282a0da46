import { AssertionError, GymError } from "../errors.ts";
import { dtypeOf } from "../spaces/dtype.ts";
import { Box } from "../spaces/box.ts";
import type { Space } from "../spaces/space.ts";
import { warn } from "../warn.ts";
import { describe, describeOutside } from "./space-checks.ts";

/** Warns when an observation is not in its space, naming the method and every wrong index. */
export function warnAboutObs(space: Space<unknown>, obs: unknown, method: string): void {
  if (space instanceof Box && dtypeOf(obs) === null)
    warn(`${method}: the observation is ${describe(obs)}, expected a typed array of ${space.dtype}`);
  const problem = describeOutside(space, obs);
  if (problem !== null) warn(`${method}: the observation is not in the observation space: ${problem}`);
}

/** Throws AssertionError unless `info` is an object. */
export function checkInfo(info: unknown, method: string): void {
  if (typeof info === "object" && info !== null && !Array.isArray(info)) return;
  throw new AssertionError(`${method}: info is ${describe(info)}, expected an object`);
}

/** Looks at what `step` returned: warns about what can be borne, throws AssertionError or GymError on what cannot. */
export function checkStepResult(space: Space<unknown>, result: unknown): void {
  if (!Array.isArray(result))
    throw new AssertionError(`step returned ${describe(result)}, expected [obs, reward, terminated, truncated, info]`);
  if (result.length === 4) {
    warn("step returned 4 values (the old form with one flag), expected [obs, reward, terminated, truncated, info]");
    return;
  }
  if (result.length !== 5)
    throw new GymError(`step returned ${result.length} values, expected [obs, reward, terminated, truncated, info]`);
  const [obs, reward, terminated, truncated, info] = result as unknown[];
  if (typeof terminated !== "boolean") warn(`step: terminated is ${describe(terminated)}, expected a boolean`);
  if (typeof truncated !== "boolean") warn(`step: truncated is ${describe(truncated)}, expected a boolean`);
  warnAboutObs(space, obs, "step");
  if (typeof reward !== "number") warn(`step: the reward is ${describe(reward)}, expected a number`);
  else if (!Number.isFinite(reward)) warn(`step: the reward is ${reward}, expected a finite number`);
  checkInfo(info, "step");
}

/** Looks at what `reset` returned, as `checkStepResult` does. */
export function checkResetResult(space: Space<unknown>, result: unknown): void {
  if (!Array.isArray(result) || result.length !== 2) {
    warn(`reset returned ${describe(result)}, expected [obs, info]`);
    return;
  }
  warnAboutObs(space, result[0], "reset");
  checkInfo(result[1], "reset");
}
