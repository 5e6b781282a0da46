import { expect, test } from "vitest";
import { createPolicyExplainer } from "../../../../src/policy/explain/create-policy-explainer.ts";
import { createPolicyRunner } from "../../../../src/policy/create-policy-runner.ts";
import { PolicySpec } from "../../../../src/policy/policy-spec.ts";
import { decodePolicy, type SavedPolicy } from "../../../../src/policy/saved-policy.ts";
import { SMALL_SPEC, smallPolicy } from "../../../helpers/small-policy.ts";

/** State and observation two steps into an episode, with what the policy then says. */
function moment(policy: SavedPolicy, obs: readonly (Float32Array | Uint8Array)[]) {
  const runner = createPolicyRunner(policy);
  runner.reset();
  let state = new Float32Array();
  for (const o of obs) state = runner.step(o, 1).state.slice();
  return {
    state,
    /** logit `motor` for another observation at that moment */
    logit(o: Float32Array | Uint8Array, motor: number): number {
      runner.reset();
      for (const before of obs) runner.step(before, 1);
      return runner.step(o, 0.7).logits[motor]!;
    },
  };
}

const NORMALIZED = PolicySpec.parse({
  ...SMALL_SPEC,
  encoder: { kind: "mlp", hidden: [8], activation: "tanh" },
  circuit: { ...SMALL_SPEC.circuit, inputDim: 8 },
});
const LTC = PolicySpec.parse({
  ...SMALL_SPEC,
  circuit: {
    kind: "ltc",
    wiring: SMALL_SPEC.circuit.kind === "cfc" ? SMALL_SPEC.circuit.wiring : {},
    inputDim: 4,
    unfolds: 6,
    mixedMemory: false,
  },
});

test.each([
  ["CfC", SMALL_SPEC],
  ["CfC behind an encoder", NORMALIZED],
  ["LTC", LTC],
  ["LSTM", PolicySpec.parse({ ...SMALL_SPEC, circuit: { kind: "lstm", units: 6, inputDim: 4 } })],
  [
    "no memory",
    PolicySpec.parse({ ...SMALL_SPEC, circuit: { kind: "mlp", hidden: [6], activation: "tanh", inputDim: 4 } }),
  ],
])("%s: gradient × input agrees with central differences of the acting policy (2e-3 of the largest)", (_, spec) => {
  const policy = decodePolicy(smallPolicy(spec, 3));
  const before = [Float32Array.of(0.3, -0.2, 0.5, 1), Float32Array.of(-0.6, 0.1, 0.2, -0.4)];
  const { state, logit } = moment(policy, before);
  const obs = Float32Array.of(0.7, -0.9, 0.4, 0.3);
  for (const motor of [0, 1]) {
    const pushes = createPolicyExplainer(policy).inputGradient({ obs, state, elapsed: 0.7 }, motor);
    const expected = obs.map((x, d) => {
      const h = 1e-2;
      const moved = (by: number): Float32Array => obs.map((v, i) => (i === d ? v + by : v));
      return (x * (logit(moved(h), motor) - logit(moved(-h), motor))) / (2 * h);
    });
    const largest = Math.max(...expected.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-4);
    pushes.forEach((push, d) => expect(Math.abs(push - expected[d]!)).toBeLessThan(2e-3 * largest + 1e-5));
  }
});

const BOARD = PolicySpec.parse({
  ...SMALL_SPEC,
  obs: { shape: [8, 9, 2], dtype: "uint8", scale: 1 / 255 },
  encoder: {
    kind: "conv",
    convs: [{ filters: 4, kernel: 3, stride: 1 }],
    padding: "valid",
    head: { kind: "dense", size: 6 },
    standardize: false,
  },
  circuit: { ...SMALL_SPEC.circuit, inputDim: 6 },
  critic: null,
});

test("images: pushes agree with brighter and darker pixels; the picture sums their sizes over channels, the largest 1", () => {
  const policy = decodePolicy(smallPolicy(BOARD, 5));
  const image = (k: number): Uint8Array => Uint8Array.from({ length: 144 }, (_, i) => 60 + ((i * k) % 120));
  const { state, logit } = moment(policy, [image(7)]);
  const obs = image(11);
  const explainer = createPolicyExplainer(policy);
  const pushes = explainer.inputGradient({ obs, state, elapsed: 0.7 }, 1);
  const largest = Math.max(...pushes.map(Math.abs));
  expect(largest).toBeGreaterThan(1e-5);
  for (let d = 0; d < 144; d += 5) {
    const moved = (by: number): Uint8Array => obs.map((v, i) => (i === d ? v + by : v));
    const slope = (logit(moved(1), 1) - logit(moved(-1), 1)) / 2;
    expect(Math.abs(pushes[d]! - obs[d]! * slope)).toBeLessThan(0.02 * largest);
  }
  const picture = explainer.inputGradientPicture({ obs, state, elapsed: 0.7 }, 1);
  expect(picture).toHaveLength(72);
  expect(Math.max(...picture)).toBe(1);
  const sums = picture.map((_, p) => Math.abs(pushes[2 * p]!) + Math.abs(pushes[2 * p + 1]!));
  const most = Math.max(...sums);
  picture.forEach((v, p) => expect(v).toBeCloseTo(sums[p]! / most, 5));
});

test("wrong sizes and policies without pictures are refused by name", () => {
  const explainer = createPolicyExplainer(decodePolicy(smallPolicy()));
  const state = new Float32Array(20);
  expect(explainer.picture).toBeNull();
  expect(() => explainer.visualBackProp(new Uint8Array(4))).toThrow(/needs a policy with convolutions; .* none/);
  expect(() => explainer.inputGradientPicture({ obs: new Float32Array(4), state, elapsed: 1 }, 0)).toThrow(/images/);
  expect(() => explainer.inputGradient({ obs: new Float32Array(3), state, elapsed: 1 }, 0)).toThrow(
    /of 3 numbers, expected 4/,
  );
  expect(() =>
    explainer.inputGradient({ obs: new Float32Array(4), state: new Float32Array(2), elapsed: 1 }, 0),
  ).toThrow(/of 2 neurons, expected 20/);
  expect(() => explainer.inputGradient({ obs: new Float32Array(4), state, elapsed: 1 }, 2)).toThrow(
    /motor neuron 2, expected 0 … 1/,
  );
});
