import { defaultRng } from "gymnasium-js";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import type { ObsSpec, PolicySpec } from "../../src/policy/policy-spec.ts";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import { resolvePolicySpec } from "../../src/policy/resolve-policy-spec.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import { smallPolicy } from "./small-policy.ts";

const box = (shape: readonly number[], dtype: string, low: number, high: number) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, dtype, low: new Float64Array(size).fill(low), high: new Float64Array(size).fill(high) };
};
const vector = box([5], "float32", -Infinity, Infinity);
const board = box([10, 10, 4], "uint8", 0, 1);
const photo = box([38, 50, 3], "uint8", 0, 255);
const two = { n: 2, start: 0 };
const five = { n: 5, start: -1 };
const steering = box([2], "float32", -0.5, 0.5);
const free = box([3], "float32", -Infinity, Infinity);
const wiring = { kind: "AutoNCP", units: 14, sparsityLevel: 0.5, seed: 3 };

const cases: Readonly<Record<string, readonly [config: object, observation: object, action: object]>> = {
  "cfc default": [{ circuit: { kind: "cfc", wiring } }, vector, two],
  "cfc pure": [{ circuit: { kind: "cfc", wiring, mode: "pure" } }, vector, five],
  "cfc no_gate": [{ circuit: { kind: "cfc", wiring, mode: "no_gate", masking: "ncps" } }, vector, steering],
  "cfc with memory": [{ circuit: { kind: "cfc", wiring, mixedMemory: true } }, vector, two],
  "cfc on NCP, normalised": [
    {
      circuit: { kind: "cfc", wiring: { kind: "NCP", seed: 5 } },
      normalizeObs: true,
      encoder: { kind: "mlp", hidden: [9, 7] },
    },
    vector,
    free,
  ],
  ltc: [{ circuit: { kind: "ltc", wiring } }, vector, two],
  "ltc with memory": [
    { circuit: { kind: "ltc", wiring, unfolds: 3, mixedMemory: true }, normalizeObs: true },
    vector,
    five,
  ],
  "cfc-dense": [{ circuit: { kind: "cfc-dense", units: 11, backboneUnits: 13, backboneLayers: 2 } }, vector, two],
  "cfc-dense with dropout": [
    { circuit: { kind: "cfc-dense", units: 7, backboneUnits: 9, backboneLayers: 3, backboneDropout: 0.2 } },
    vector,
    two,
  ],
  "cfc-dense pure": [{ circuit: { kind: "cfc-dense", units: 6, mode: "pure", backboneLayers: 0 } }, vector, steering],
  lstm: [{ circuit: { kind: "lstm", units: 10 } }, vector, two],
  gru: [{ circuit: { kind: "gru", units: 10 } }, vector, steering],
  mlp: [{ circuit: { kind: "mlp", hidden: [12, 9], activation: "relu" } }, vector, five],
  "board convolution": [{ encoder: { kind: "minatar", features: 17 }, circuit: { kind: "cfc", wiring } }, board, five],
  "camera convolutions": [{ encoder: { kind: "lane-keeping" }, circuit: { kind: "cfc", wiring } }, photo, steering],
  "strided convolutions": [
    {
      encoder: {
        kind: "conv",
        convs: [
          { filters: 6, kernel: 5, stride: 3 },
          { filters: 8, kernel: 3, stride: 2 },
        ],
        padding: "valid",
        head: { kind: "dense", size: 10 },
      },
      circuit: { kind: "lstm", units: 8 },
    },
    photo,
    two,
  ],
};

/** One policy of every kind, with weights that no initialiser gives (biases, normalisers and scales are far from their starts). */
export function policyZoo(): ReadonlyMap<string, SavedPolicy> {
  const zoo = new Map<string, SavedPolicy>();
  let seed = 0;
  for (const [name, [config, observation, action]] of Object.entries(cases)) {
    const spec = resolvePolicySpec(PolicyConfig.parse(config), { observation, action }, 7);
    zoo.set(name, shaken(decodePolicy(smallPolicy(spec, ++seed)), seed));
  }
  const [[, first]] = [...zoo] as [[string, SavedPolicy]]; // the zoo is not empty
  for (const change of [{ flavour: "keras" }, { polarity: "signed" }, { flavour: "keras", polarity: "signed" }]) {
    const circuit = { ...first.spec.circuit, ...change } as PolicySpec["circuit"]; // both are fields of a cfc
    zoo.set(`cfc ${Object.values(change).join(" ")}`, { ...first, spec: { ...first.spec, circuit } });
  }
  return zoo;
}

/** Every number moved by up to a tenth; variances stay positive. */
function shaken({ spec, tensors }: SavedPolicy, seed: number): SavedPolicy {
  const rng = defaultRng(seed);
  const shake = (name: string, value: number): number =>
    name === "normalizer.variance" ? 0.2 + rng.random() : value + 0.2 * (rng.random() - 0.5);
  return { spec, tensors: tensors.map((t) => ({ ...t, data: t.data.map((value) => shake(t.name, value)) })) };
}

/** What a policy saw and did in one step. */
export interface WitnessStep {
  readonly obs: Float32Array | Uint8Array;
  readonly elapsed: number;
  readonly logits: Float32Array;
  /** every neuron by id (no memories) */
  readonly state: Float32Array;
  readonly action: number | readonly number[];
}

/** Plays T steps on invented observations with the engine. Equal seeds give equal steps. */
export function playWitness(saved: SavedPolicy, T: number, seed = 1): WitnessStep[] {
  const runner = createPolicyRunner(saved);
  const rng = defaultRng(seed);
  runner.reset();
  return Array.from({ length: T }, () => {
    const obs = inventObs(saved.spec.obs, () => rng.random());
    const elapsed = 0.25 + 2 * rng.random();
    const { action, logits, state } = runner.step(obs, elapsed);
    return {
      obs,
      elapsed,
      logits: logits.slice(),
      state: state.slice(),
      action: typeof action === "number" ? action : Array.from(action),
    };
  });
}

function inventObs({ shape, dtype, scale }: ObsSpec, random: () => number): Float32Array | Uint8Array {
  const size = shape.reduce((a, b) => a * b, 1);
  if (dtype === "float32") return Float32Array.from({ length: size }, () => 4 * random() - 2);
  return Uint8Array.from({ length: size }, () => Math.floor(random() * (scale === 1 ? 2 : 256)));
}
