import { IrregularSlots } from "../batch/irregular-slots.ts";
import type { IrregularSamplingOptions } from "../batch/irregular-slots.ts";
import type { Env } from "../env.ts";
import { checkKwargs } from "../world/check-kwargs.ts";
import { SlotsWrapper } from "./slots-wrapper.ts";
import type { SlotsWrapperOrigin } from "./slots-wrapper.ts";

/**
 * Loses frames and jitters the moments of observations. Lost frame: the env moves on under the same action until a frame arrives (or the
 * episode ends); rewards add up. Jitter: an observation is interpolated linearly between the env's last two. `info.elapsedTime` holds the
 * true time between observations, in control periods.
 *
 * Throws TypeError or ValueError on options out of range, and on jitter for byte observations.
 */
export class IrregularSampling extends SlotsWrapper {
  constructor(env: Env, options: IrregularSamplingOptions, { isWorldArgument = false }: SlotsWrapperOrigin = {}) {
    if (!isWorldArgument)
      checkKwargs("IrregularSampling", { ...options }, { dropProbability: 0, maxDrops: 10, jitter: 0 });
    super(env, isWorldArgument ? null : { ...options }, (slots) => new IrregularSlots(slots, options));
  }
}
