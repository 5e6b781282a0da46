import { configError } from "../checks.ts";
import { type InitializationRanges, constrainedLtcParameters } from "../equations/ltc-options.ts";

/** ncps' start [min, max] of LTC parameters: gleak, vleak, cm, w, sigma, mu, sensory_w, sensory_sigma, sensory_mu. */
export const defaultLtcRanges: InitializationRanges = {
  gleak: [0.001, 1],
  vleak: [-0.2, 0.2],
  cm: [0.4, 0.6],
  w: [0.001, 1],
  sigma: [3, 8],
  mu: [0.3, 0.8],
  sensory_w: [0.001, 1],
  sensory_sigma: [3, 8],
  sensory_mu: [0.3, 0.8],
};

/**
 * The default ranges with some replaced. Throws ConfigError (`ncp-range`) for an unknown parameter, min > max, or a negative minimum
 * of a parameter that must not be negative.
 */
export function ltcRanges(overrides: InitializationRanges): InitializationRanges {
  for (const [name, [min, max]] of Object.entries(overrides)) {
    const where = `initializationRanges.${name}`;
    if (!Object.hasOwn(defaultLtcRanges, name)) {
      const known = Object.keys(defaultLtcRanges).join(", ");
      throw configError("range", `${where} is not a parameter with a range; expected one of ${known}`);
    }
    if (!(min <= max)) throw configError("range", `${where} is [${min}, ${max}]; expected [min, max] with min <= max`);
    if (min < 0 && constrainedLtcParameters.includes(name)) {
      throw configError("range", `${where} starts at ${min}; ${name} must not be negative`);
    }
  }
  return { ...defaultLtcRanges, ...overrides };
}
