import { NoiseSlots } from "../batch/noise-slots.ts";
import type { Env } from "../env.ts";
import { SlotsWrapper } from "./slots-wrapper.ts";
import type { SlotsWrapperOrigin } from "./slots-wrapper.ts";

/**
 * Adds zero-mean Gaussian noise of standard deviation `std`, in the units of the observation. float32 observations become unbounded; bytes
 * are rounded and kept in 0 … 255. Throws ValueError unless `std` is a number of at least 0.
 */
export class ObservationNoise extends SlotsWrapper {
  constructor(env: Env, std: number, { isWorldArgument = false }: SlotsWrapperOrigin = {}) {
    super(env, isWorldArgument ? null : { std }, (slots) => new NoiseSlots(slots, std));
  }
}
