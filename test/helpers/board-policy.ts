import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { SMALL_SPEC, smallPolicy } from "./small-policy.ts";

const { circuit } = SMALL_SPEC;
if (circuit.kind !== "cfc") throw new Error("the small policy has a circuit");

/** A policy for MinAtar Breakout that sees the board through a convolution, as it is before any training. */
export const BOARD_SPEC: PolicySpec = {
  ...SMALL_SPEC,
  obs: { shape: [10, 10, 4], dtype: "uint8", scale: 1 },
  action: { kind: "discrete", n: 3, start: 0 },
  encoder: {
    kind: "conv",
    convs: [{ filters: 4, kernel: 3, stride: 1 }],
    padding: "valid",
    head: { kind: "dense", size: 6 },
    standardize: false,
  },
  circuit: {
    ...circuit,
    inputDim: 6,
    wiring: { kind: "AutoNCP", units: 20, outputSize: 3, sparsityLevel: 0.5, seed: 1 },
  },
  critic: null,
};

/** Its file. */
export const boardPolicy = (): Uint8Array => smallPolicy(BOARD_SPEC);
