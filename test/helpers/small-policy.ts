import { defaultRng } from "gymnasium-js";
import { Engine, MemoryPlan } from "../../src/engine/index.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { encodePolicy, savePolicy } from "../../src/policy/saved-policy.ts";

/** A policy for CartPole with a circuit of 20 neurons, as it is before any training. */
export const SMALL_SPEC: PolicySpec = {
  version: 1,
  obs: { shape: [4], dtype: "float32", scale: 1 },
  action: { kind: "discrete", n: 2, start: 0 },
  encoder: { kind: "none" },
  circuit: {
    kind: "cfc",
    wiring: { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 },
    inputDim: 4,
    masking: "strict",
    mode: "default",
    flavour: "torch",
    polarity: "free",
    mixedMemory: false,
  },
  actor: { scaleInit: 3, logStdInit: -0.5 },
  critic: { hidden: [16], activation: "tanh", input: "obs" },
  normalizeObs: false,
};

/** File of an untrained policy. Equal seeds give equal bytes. */
export function smallPolicy(spec: PolicySpec = SMALL_SPEC, seed = 1): Uint8Array {
  const plan = new MemoryPlan();
  const network = new PolicyNetwork(plan, spec, { maxRows: 1, maxBatch: 1 });
  Engine.create(plan);
  const rng = defaultRng(seed);
  network.initialize(() => rng.random());
  return encodePolicy(savePolicy(network));
}
