import { NoiseSlots } from "../batch/noise-slots.ts";
import type { Env } from "../env.ts";
import { SlotsWrapper } from "./slots-wrapper.ts";
import type { SlotsWrapperOrigin } from "./slots-wrapper.ts";

/** Adds Gaussian noise to observations; see `NoiseSlots`. */
export class ObservationNoise extends SlotsWrapper {
  constructor(env: Env, std: number, { isWorldArgument = false }: SlotsWrapperOrigin = {}) {
    super(env, isWorldArgument ? null : { std }, (slots) => new NoiseSlots(slots, std));
  }
}
