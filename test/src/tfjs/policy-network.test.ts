import * as tf from "@tensorflow/tfjs";
import { PCG64 } from "gymnasium-js";
import { beforeAll, describe, expect, test } from "vitest";
import { Engine, MemoryPlan } from "../../../src/engine/index.ts";
import { PolicyNetwork } from "../../../src/policy/policy-network.ts";
import { actionSize, obsSize, PolicySpec } from "../../../src/policy/policy-spec.ts";
import { TfjsPolicyNetwork } from "../../../src/tfjs/policy-network.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const T = 5;
const B = 3;
const base = {
  version: 1,
  obs: { shape: [4], dtype: "float32", scale: 1 },
  action: { kind: "discrete", n: 3, start: 0 },
  encoder: { kind: "none" },
  actor: { scaleInit: 3, logStdInit: -0.5 },
  critic: { hidden: [8, 6], activation: "tanh", input: "obs" },
  normalizeObs: false,
} as const;
const cfc = (masking: "strict" | "ncps", inputDim = 4) =>
  ({
    kind: "cfc",
    wiring: { kind: "AutoNCP", units: 12, outputSize: 3, sparsityLevel: 0.5, seed: 5 },
    inputDim,
    masking,
    mode: "default",
    flavour: "torch",
    polarity: "free",
  }) as const;
const mlp = { kind: "mlp", inputDim: 4, hidden: [7], activation: "relu" } as const;
const box = { kind: "box", shape: [3], low: [-1, -1, null], high: [1, 1, null] } as const;

const ltc = (mixedMemory: boolean) =>
  ({
    kind: "ltc",
    wiring: { kind: "AutoNCP", units: 10, outputSize: 3, sparsityLevel: 0.5, seed: 8 },
    inputDim: 4,
    unfolds: 4,
    mixedMemory,
  }) as const;
const dense = (mode: string, backboneLayers: number) =>
  ({ kind: "cfc-dense", inputDim: 4, units: 7, mode, backboneUnits: 9, backboneLayers }) as const;
/** Frames of bytes through convolutions into a circuit of F features. */
const frames = (encoder: object, F: number, [height, width, channels]: readonly number[], critic = base.critic) => ({
  ...base,
  obs: { shape: [height, width, channels], dtype: "uint8", scale: 1 / 255 },
  encoder: { kind: "conv", standardize: false, ...encoder },
  circuit: cfc("strict", F),
  critic: { ...critic, input: "features+state" },
});
const perFilter = { head: { kind: "perFilter", outputsPerFilter: 2 } };

const specs: Readonly<Record<string, unknown>> = {
  "strict circuit": { ...base, circuit: cfc("strict") },
  "ncps masking, critic on the state": {
    ...base,
    circuit: cfc("ncps"),
    critic: { ...base.critic, input: "obs+state" },
  },
  "encoder and Box actions": {
    ...base,
    action: box,
    encoder: { kind: "mlp", hidden: [9, 6], activation: "relu" },
    circuit: cfc("strict", 6),
  },
  "no state at all": { ...base, circuit: mlp },
  "no critic": { ...base, circuit: cfc("strict"), critic: null },
  "pure, keras, signed": { ...base, circuit: { ...cfc("strict"), mode: "pure", flavour: "keras", polarity: "signed" } },
  "no gate, signed": { ...base, circuit: { ...cfc("ncps"), mode: "no_gate", polarity: "signed" } },
  "mixed memory": {
    ...base,
    circuit: { ...cfc("ncps"), mixedMemory: true },
    critic: { ...base.critic, input: "obs+state" },
  },
  LTC: { ...base, circuit: ltc(false), critic: { ...base.critic, input: "obs+state" } },
  "LTC with mixed memory": { ...base, circuit: ltc(true) },
  "dense CfC": { ...base, circuit: dense("default", 1) },
  "dense CfC, two layers, no gate": { ...base, circuit: dense("no_gate", 2) },
  "dense CfC, pure, no backbone": { ...base, circuit: dense("pure", 0) },
  "dense CfC with dropout": { ...base, circuit: { ...dense("default", 4), backboneDropout: 0.4 } },
  LSTM: { ...base, circuit: { kind: "lstm", inputDim: 4, units: 6 }, critic: { ...base.critic, input: "obs+state" } },
  GRU: { ...base, circuit: { kind: "gru", inputDim: 4, units: 6 } },
  "frames, valid": frames(
    {
      convs: [
        { filters: 5, kernel: 3, stride: 2 },
        { filters: 6, kernel: 2, stride: 1 },
      ],
      padding: "valid",
      head: { kind: "dense", size: 8 },
    },
    8,
    [11, 9, 3],
  ),
  "frames, same, one layer per filter, standardised": frames(
    {
      convs: [
        { filters: 6, kernel: 5, stride: 2 },
        { filters: 4, kernel: 3, stride: 1 },
      ],
      padding: "same",
      standardize: true,
      ...perFilter,
    },
    8,
    [10, 13, 3],
  ),
};

/** The same pass on one executor: outputs and the gradient of a random linear loss. */
function pass(Network: typeof PolicyNetwork, spec: PolicySpec) {
  const plan = new MemoryPlan();
  const network = new Network(plan, spec, { maxRows: T * B, maxBatch: B });
  Engine.create(plan);
  const random = new PCG64(11);
  const signed = (): number => 2 * random.nextDouble() - 1;
  network.initialize(() => random.nextDouble());
  for (let row = 0; row < T * B; row++) {
    const isImage = spec.obs.dtype === "uint8";
    const draw = { length: obsSize(spec) };
    const obs = isImage ? Uint8Array.from(draw, () => 256 * random.nextDouble()) : Float32Array.from(draw, signed);
    network.writeObs(obs, 0, row);
    network.writeTime(row, 0.2 + random.nextDouble(), random.nextDouble() < 0.2 ? 1 : 0);
  }
  network.setState(Float32Array.from({ length: B * network.stateSize }, signed), B);
  network.parameters.zeroGradients();
  network.dropout?.draw(T, B, () => random.nextDouble());
  network.forward(T, B);
  const hasCritic = spec.critic !== null;
  if (hasCritic) network.evaluate(T * B);
  const A = actionSize(spec);
  const logits = rows(network.logits, A);
  const values = hasCritic ? rows(network.values, 1) : [];
  const final = new Float32Array(B * network.stateSize);
  network.getFinalState(final, B);
  fill(network.dLogits, A, signed);
  if (hasCritic) fill(network.dValues, 1, signed);
  network.backward(T, B, hasCritic);
  const gradients = network.parameters.list().map(({ name }) => [name, network.parameters.getGradient(name)] as const);
  return { logits, values, final, gradients };
}

interface Matrix {
  readonly data: Float32Array;
  readonly stride: number;
}

function rows({ data, stride }: Matrix, cols: number): number[] {
  return Array.from({ length: T * B * cols }, (_, i) => data[Math.floor(i / cols) * stride + (i % cols)]!);
}

function fill({ data, stride }: Matrix, cols: number, draw: () => number): void {
  for (let r = 0; r < T * B; r++) for (let c = 0; c < cols; c++) data[r * stride + c] = draw();
}

function expectRelative(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Array.from(expected).reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  expect(actual.length, what).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i]! - expected[i]!), `${what}[${i}]`).toBeLessThanOrEqual(1e-4 * scale + 1e-9);
}

describe("the tfjs executor agrees with the kernels within 1e-4 of the largest entry", () => {
  test.each(Object.entries(specs))("%s: logits, values, final state and every gradient", (_, raw) => {
    const spec = PolicySpec.parse(raw);
    const kernels = pass(PolicyNetwork, spec);
    const tfjs = pass(TfjsPolicyNetwork, spec);
    expectRelative("logits", tfjs.logits, kernels.logits);
    expectRelative("values", tfjs.values, kernels.values);
    expectRelative("final state", tfjs.final, kernels.final);
    expect(tfjs.gradients.length).toBe(kernels.gradients.length);
    let numReached = 0;
    kernels.gradients.forEach(([name, expected], i) => {
      expectRelative(`d ${name}`, tfjs.gradients[i]![1], expected);
      if (expected.some((g) => g !== 0)) numReached++;
    });
    expect(numReached).toBeGreaterThanOrEqual(kernels.gradients.length - (spec.action.kind === "box" ? 1 : 0)); // logStd is not part of this loss
  });
});
