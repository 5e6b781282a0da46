import { IrregularSlots } from "./batch/irregular-slots.ts";
import type { IrregularSamplingOptions } from "./batch/irregular-slots.ts";
import { NoiseSlots } from "./batch/noise-slots.ts";
import type { EnvSlots } from "./batch/env-slots.ts";
import type { Env } from "./env.ts";
import type { Kwargs } from "./registration/env-spec.ts";
import { IrregularSampling } from "./wrappers/irregular-sampling.ts";
import { ObservationNoise } from "./wrappers/observation-noise.ts";

/** Arguments that every world takes beside its own: irregular sampling first, noise on what is left. */
export interface Disturbance extends IrregularSamplingOptions {
  /** Standard deviation of Gaussian noise on each number observed, in the units of the observation. */
  readonly observationNoise?: number;
}

const NAMES = ["observationNoise", "dropProbability", "maxDrops", "jitter"] as const;

/** Splits a world's arguments: those of `Disturbance`, and the rest. Throws TypeError when one of them is no number. */
export function takeDisturbance(kwargs: Kwargs): { readonly disturbance: Disturbance; readonly rest: Kwargs } {
  const rest: Record<string, unknown> = { ...kwargs };
  const disturbance: Record<string, number> = {};
  for (const name of NAMES) {
    if (!(name in rest)) continue;
    const value = rest[name];
    if (typeof value !== "number") throw new TypeError(`${name}: got ${JSON.stringify(value)}, expected a number`);
    disturbance[name] = value;
    delete rest[name];
  }
  return { disturbance, rest };
}

/** A single env under these disturbances; its spec names them among the arguments, not as wrappers. */
export function disturbEnv(env: Env, disturbance: Disturbance): Env {
  let disturbed = env;
  if (isIrregular(disturbance)) disturbed = new IrregularSampling(disturbed, disturbance, { isWorldArgument: true });
  if (disturbance.observationNoise !== undefined)
    disturbed = new ObservationNoise(disturbed, disturbance.observationNoise, { isWorldArgument: true });
  return disturbed;
}

/** Slots under these disturbances. */
export function disturbSlots(slots: EnvSlots, disturbance: Disturbance): EnvSlots {
  let disturbed = slots;
  if (isIrregular(disturbance)) disturbed = new IrregularSlots(disturbed, disturbance);
  if (disturbance.observationNoise !== undefined) disturbed = new NoiseSlots(disturbed, disturbance.observationNoise);
  return disturbed;
}

function isIrregular({ dropProbability, maxDrops, jitter }: Disturbance): boolean {
  return dropProbability !== undefined || maxDrops !== undefined || jitter !== undefined;
}
