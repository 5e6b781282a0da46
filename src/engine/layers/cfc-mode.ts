import type { CfcMode, Flavour } from "../../ncp/index.ts";

export type { CfcMode, Flavour };

/** The heads of a mode, in the order their blocks lie side by side. */
export const headsOf = (mode: CfcMode): readonly string[] =>
  mode === "pure" ? ["ff1"] : ["ff1", "ff2", "time_a", "time_b"];

/** Flags of the gated kernels. */
export const gateFlags = (mode: CfcMode, flavour: Flavour): number =>
  (mode === "no_gate" ? 1 : 0) + (flavour === "keras" ? 2 : 0);
