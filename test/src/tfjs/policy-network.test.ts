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
    network.writeObs(Float32Array.from({ length: obsSize(spec) }, signed), 0, row);
    network.writeTime(row, 0.2 + random.nextDouble(), random.nextDouble() < 0.2 ? 1 : 0);
  }
  network.setState(Float32Array.from({ length: B * network.stateSize }, signed), B);
  network.parameters.zeroGradients();
  network.forward(T, B);
  network.evaluate(T * B);
  const A = actionSize(spec);
  const logits = rows(network.logits, A);
  const values = rows(network.values, 1);
  fill(network.dLogits, A, signed);
  fill(network.dValues, 1, signed);
  network.backward(T, B);
  const gradients = network.parameters.list().map(({ name }) => [name, network.parameters.getGradient(name)] as const);
  return { logits, values, gradients };
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
  test.each(Object.entries(specs))("%s: logits, values and every gradient", (_, raw) => {
    const spec = PolicySpec.parse(raw);
    const kernels = pass(PolicyNetwork, spec);
    const tfjs = pass(TfjsPolicyNetwork, spec);
    expectRelative("logits", tfjs.logits, kernels.logits);
    expectRelative("values", tfjs.values, kernels.values);
    expect(tfjs.gradients.length).toBe(kernels.gradients.length);
    let numReached = 0;
    kernels.gradients.forEach(([name, expected], i) => {
      expectRelative(`d ${name}`, tfjs.gradients[i]![1], expected);
      if (expected.some((g) => g !== 0)) numReached++;
    });
    expect(numReached).toBeGreaterThanOrEqual(kernels.gradients.length - 1); // logStd is not part of this loss
  });
});
