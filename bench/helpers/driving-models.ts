import { findBcPreset } from "../../agents/index.ts";
import { PolicyConfig } from "../../src/index.ts";

const preset = findBcPreset("LaneKeeping-v0");
if (preset === null) throw new Error("no cloning preset for LaneKeeping-v0");
const { policy, algo } = preset;
const circuit = policy.circuit as { readonly wiring: object };

/** Cloning settings of the preset, the same for all models. */
export const cloningSettings = algo;

const withCircuit = (other: object): PolicyConfig => PolicyConfig.parse({ ...policy, circuit: other });

/** What is compared: the same five convolutions before each, and the paper's larger read-out before the feed-forward network. */
export const drivingModels: Readonly<Record<string, PolicyConfig>> = {
  "ncp-cfc": PolicyConfig.parse(policy),
  "ncp-ltc": withCircuit({ kind: "ltc", wiring: circuit.wiring }),
  "cfc-dense": withCircuit({ kind: "cfc-dense", units: 19, backboneUnits: 128 }),
  lstm: withCircuit({ kind: "lstm", units: 64 }),
  gru: withCircuit({ kind: "gru", units: 64 }),
  cnn: PolicyConfig.parse({
    ...policy,
    encoder: {
      kind: "conv",
      convs: [
        { filters: 24, kernel: 5, stride: 2 },
        { filters: 36, kernel: 5, stride: 2 },
        { filters: 48, kernel: 3, stride: 2 },
        { filters: 64, kernel: 3, stride: 1 },
        { filters: 64, kernel: 3, stride: 1 },
      ],
      padding: "same",
      head: { kind: "dense", size: 1000 },
      standardize: true,
    },
    circuit: { kind: "mlp", hidden: [100], activation: "relu" },
  }),
};
