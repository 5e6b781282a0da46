import { expect, test } from "vitest";
import { Box, Discrete, PCG64 } from "gymnasium-js";
import { Engine, MemoryPlan } from "../../../src/engine/index.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { PolicyNetwork } from "../../../src/policy/policy-network.ts";
import { resolvePolicySpec } from "../../../src/policy/resolve-policy-spec.ts";

const spaces = { observation: new Box(0, 1, { shape: [10, 10, 4], dtype: "uint8" }), action: new Discrete(3) };
const specOf = (policy: object) => resolvePolicySpec(PolicyConfig.parse(policy), spaces, 1);
const [T, B] = [3, 2];

function frameNetwork(policy: object): PolicyNetwork {
  const plan = new MemoryPlan();
  const network = new PolicyNetwork(plan, specOf(policy), { maxRows: T * B, maxBatch: B });
  Engine.create(plan);
  const random = new PCG64(4);
  network.initialize(() => random.nextDouble());
  const frames = Uint8Array.from({ length: T * B * 400 }, () => (random.nextDouble() < 0.5 ? 1 : 0));
  for (let row = 0; row < T * B; row++) {
    network.writeObs(frames, row, row);
    network.writeTime(row, 1, row === 3 ? 1 : 0);
  }
  return network;
}

/** A loss whose derivative with respect to logits and values is fixed: sum of wave-weighted outputs. */
function loss(network: PolicyNetwork): number {
  network.prepare();
  network.forward(T, B);
  network.evaluate(T * B);
  let sum = 0;
  for (let r = 0; r < T * B; r++) {
    sum += Math.cos(r) * network.values.data[r * network.values.stride]!;
    for (let a = 0; a < 3; a++) sum += Math.sin(3 * r + a) * network.logits.data[r * network.logits.stride + a]!;
  }
  return sum;
}

test("frames: encoder, circuit and critic on features agree with central differences (5e-3 of each gradient)", () => {
  const network = frameNetwork({ encoder: { kind: "minatar", features: 20 } });
  const { parameters } = network;
  loss(network);
  for (let r = 0; r < T * B; r++) {
    network.dValues.data[r * network.dValues.stride] = Math.cos(r);
    for (let a = 0; a < 3; a++) network.dLogits.data[r * network.dLogits.stride + a] = Math.sin(3 * r + a);
  }
  parameters.zeroGradients();
  network.backward(T, B);
  for (const { name } of parameters.list()) {
    const gradient = parameters.getGradient(name);
    const kept = parameters.get(name);
    // Along the gradient itself, by a short way: few rectifiers switch on or off.
    const along = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
    const direction = gradient.map((g) => g / along);
    const h = 1e-3;
    parameters.set(
      name,
      kept.map((w, i) => w + h * direction[i]!),
    );
    const high = loss(network);
    parameters.set(
      name,
      kept.map((w, i) => w - h * direction[i]!),
    );
    const low = loss(network);
    parameters.set(name, kept);
    expect(Math.abs((high - low) / (2 * h) - along), `${name}: ${(high - low) / (2 * h)} and ${along}`).toBeLessThan(
      5e-3 * along + 2e-3,
    );
  }
  expect(parameters.list().some((p) => p.name === "encoder.conv.0.weight")).toBe(true);
});

test("encoders have the sizes of their papers: features feed the sensory neurons", () => {
  const camera = { ...spaces, observation: new Box(0, 255, { shape: [78, 200, 3], dtype: "uint8" }) };
  const driving = resolvePolicySpec(PolicyConfig.parse({ encoder: { kind: "lane-keeping" } }), camera, 1);
  expect(driving.circuit.inputDim).toBe(32);
  expect(driving.obs.scale).toBeCloseTo(1 / 255, 12);
  expect(driving.critic?.input).toBe("features");
});

test("encoders that cannot work are refused with the place and the way out", () => {
  const flat = { ...spaces, observation: new Box(-1, 1, { shape: [4] }) };
  expect(() => resolvePolicySpec(PolicyConfig.parse({ encoder: { kind: "minatar" } }), flat, 1)).toThrow(
    /^policy\.encoder\.kind: minatar needs images of bytes .* float32 \[4\]; use none or mlp$/,
  );
  expect(() => specOf({ encoder: { kind: "nature" } })).toThrow(/images of 10 pixels are too small/);
  expect(() => specOf({ encoder: { kind: "minatar" }, critic: { input: "obs" } })).toThrow(/use features/);
  expect(() => specOf({ encoder: { kind: "minatar" }, normalizeObs: true })).toThrow(/encoder\.standardize/);
});
