import { FormatError } from "../../src/errors.ts";
import type { LiveSource } from "../../src/server/index.ts";
import { inventedSource } from "./invented-source.ts";
import { SMALL_SPEC, smallPolicy } from "./small-policy.ts";

/** A run that kept policies at steps 100 and 200, each of other weights than the latest. */
export function keptSource(): LiveSource {
  const bytes = smallPolicy();
  return {
    ...inventedSource(),
    policy: () => ({ version: 1, bytes }),
    kept: () => [
      { step: 100, isBest: false },
      { step: 200, isBest: true },
    ],
    keptPolicy: (step) =>
      step === 100
        ? Promise.resolve(smallPolicy(SMALL_SPEC, step))
        : Promise.reject(new FormatError("damaged", `step ${step} is damaged`)),
  };
}
