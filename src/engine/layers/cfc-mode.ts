/** Form of the CfC update: gated between two heads, without the complement of the gate, or the closed-form solution itself. */
export type CfcMode = "default" | "no_gate" | "pure";

/** Semantics of the two reference implementations: keras has linear heads and a minus before time_a, and keeps the sign of masks. */
export type Flavour = "torch" | "keras";

/** The heads of a mode, in the order their blocks lie side by side. */
export const headsOf = (mode: CfcMode): readonly string[] =>
  mode === "pure" ? ["ff1"] : ["ff1", "ff2", "time_a", "time_b"];

/** Flags of the gated kernels. */
export const gateFlags = (mode: CfcMode, flavour: Flavour): number =>
  (mode === "no_gate" ? 1 : 0) + (flavour === "keras" ? 2 : 0);
