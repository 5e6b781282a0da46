import { expect, test } from "vitest";
import { Box, defaultRng, Discrete, PCG64 } from "gymnasium-js";
import { Engine, MemoryPlan } from "../../../src/engine/index.ts";
import { FormatError } from "../../../src/errors.ts";
import { createPolicyRunner, createPolicyRunnerAsync } from "../../../src/policy/create-policy-runner.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { PolicyNetwork } from "../../../src/policy/policy-network.ts";
import { resolvePolicySpec } from "../../../src/policy/resolve-policy-spec.ts";
import { decodePolicy, encodePolicy, savePolicy, type SavedPolicy } from "../../../src/policy/saved-policy.ts";

const observation = new Box(-5, 5, { shape: [3] });

function randomPolicy(action: Discrete | Box, config: object = {}): SavedPolicy {
  const spec = resolvePolicySpec(PolicyConfig.parse(config), { observation, action }, 3);
  const plan = new MemoryPlan();
  const network = new PolicyNetwork(plan, spec, { maxRows: 1, maxBatch: 1 });
  Engine.create(plan);
  const random = new PCG64(9);
  network.initialize(() => random.nextDouble());
  if (network.normalizer) {
    network.normalizer.mean.set([1, 2, 3]);
    network.normalizer.variance.set([4, 9, 16]);
    network.normalizer.prepare();
  }
  return savePolicy(network);
}

const obs = Float32Array.of(0.3, -0.2, 0.9);

test("a policy file read back acts the same, bit for bit, and has the same bytes", () => {
  const saved = randomPolicy(new Discrete(2), { normalizeObs: true });
  const bytes = encodePolicy(saved);
  const read = decodePolicy(bytes);
  expect(Buffer.from(encodePolicy(read)).equals(bytes)).toBe(true);
  const [a, b] = [createPolicyRunner(saved), createPolicyRunner(read)];
  for (let t = 0; t < 5; t++) {
    const [x, y] = [a.step(obs, 1 + t / 10), b.step(obs, 1 + t / 10)];
    expect([...y.state]).toEqual([...x.state]);
    expect(y.value).toBe(x.value);
    expect(y.action).toBe(x.action);
  }
});

test("parameters are named encoder, circuit, actor, critic and normalizer", () => {
  const names = randomPolicy(new Box(-1, 1, { shape: [2] }), { encoder: { kind: "mlp" }, normalizeObs: true }).tensors;
  expect(new Set(names.map((t) => t.name.split(".")[0]))).toEqual(
    new Set(["actor", "circuit", "critic", "encoder", "normalizer"]),
  );
  expect(names.map((t) => t.name)).toContain("circuit.rnn_cell.layer_0.ff1.weight");
  expect(names.map((t) => t.name)).toContain("actor.logStd");
});

test("the state moves, elapsed time counts, and reset brings the first step back", () => {
  const runner = createPolicyRunner(randomPolicy(new Discrete(2)));
  const first = [...runner.step(obs, 1).state];
  const second = [...runner.step(obs, 1).state];
  expect(second).not.toEqual(first);
  runner.reset();
  expect([...runner.step(obs, 1).state]).toEqual(first);
  runner.reset();
  expect([...runner.step(obs, 3).state]).not.toEqual(first);
});

test("motor neurons come first in the state and become logits by scale and bias", () => {
  const saved = randomPolicy(new Discrete(2));
  const { motor, state, logits } = createPolicyRunner(saved).step(obs, 1);
  expect([...state.subarray(0, 2)]).toEqual([...motor]);
  const [scale] = saved.tensors.filter((t) => t.name === "actor.scale");
  for (let m = 0; m < 2; m++) expect(logits[m]).toBeCloseTo(scale!.data[m]! * motor[m]!, 6);
});

test("Box actions: greedy is the mean within the bounds, draws spread around it and stay within", () => {
  const saved = randomPolicy(new Box(-0.05, 0.05, { shape: [2] }));
  const runner = createPolicyRunner(saved);
  const greedy = Float32Array.from(runner.step(obs, 1).action as Float32Array);
  const { logits } = runner.step(obs, 1);
  for (const a of greedy) expect(Math.abs(a)).toBeLessThanOrEqual(0.05 + 1e-7);
  expect(logits.length).toBe(2);
  const rng = defaultRng(1);
  runner.reset();
  const drawn = runner.step(obs, 1, () => rng.random()).action as Float32Array;
  expect([...drawn]).not.toEqual([...greedy]);
});

test("stochastic choices follow the logits' probabilities (3 standard errors)", () => {
  const runner = createPolicyRunner(randomPolicy(new Discrete(3)));
  const rng = defaultRng(5);
  const counts = [0, 0, 0];
  let p: number[] = [];
  for (let i = 0; i < 4000; i++) {
    runner.reset();
    const { action, logits } = runner.step(obs, 1, () => rng.random());
    counts[action as number]!++;
    const e = [...logits].map(Math.exp);
    p = e.map((x) => x / (e[0]! + e[1]! + e[2]!));
  }
  for (let a = 0; a < 3; a++)
    expect(Math.abs(counts[a]! / 4000 - p[a]!)).toBeLessThan(3 * Math.sqrt((p[a]! * (1 - p[a]!)) / 4000));
});

test("pages create runners without blocking, with the same numbers", async () => {
  const saved = randomPolicy(new Discrete(2));
  const runner = await createPolicyRunnerAsync(saved);
  expect(runner.step(obs, 1).value).toBe(createPolicyRunner(saved).step(obs, 1).value);
});

test("a policy with a missing, a foreign or a misshapen tensor is refused by name", () => {
  const saved = randomPolicy(new Discrete(2));
  const without = { ...saved, tensors: saved.tensors.slice(1) };
  expect(() => createPolicyRunner(without)).toThrow(new RegExp(`tensor ${saved.tensors[0]!.name} is missing`));
  const foreign = { ...saved, tensors: [...saved.tensors, { name: "x.y", shape: [1], data: new Float32Array(1) }] };
  expect(() => createPolicyRunner(foreign)).toThrow(/tensor x\.y does not belong/);
  const bent = saved.tensors.map((t) =>
    t.name === "actor.bias" ? { ...t, shape: [1], data: new Float32Array(1) } : t,
  );
  expect(() => createPolicyRunner({ ...saved, tensors: bent })).toThrow(/actor\.bias: shape \[1\], expected \[2\]/);
});

test("bytes that are no policy are refused", () => {
  expect(() => decodePolicy(new Uint8Array(4))).toThrow(FormatError);
  const saved = randomPolicy(new Discrete(2));
  const spec = { ...saved.spec, version: 2 } as unknown as SavedPolicy["spec"]; // a later version
  expect(() => decodePolicy(encodePolicy({ ...saved, spec }))).toThrow(/policy spec, version/);
});
