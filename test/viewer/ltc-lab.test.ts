import { expect, test } from "vitest";
import { buildWiring } from "../../src/ncp/index.ts";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import { describeCircuit } from "../../src/protocol/describe-circuit.ts";
import { worldNames } from "../../src/protocol/world-names.ts";
import { intervene, type Intervention } from "../../viewer/lab/interventions.ts";
import { type PlainStep, plainLtc } from "../helpers/plain-circuit.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";

const UNFOLDS = 6;
const WIRING = { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;
const LTC_SPEC: PolicySpec = {
  ...SMALL_SPEC,
  circuit: { kind: "ltc", wiring: WIRING, inputDim: 4, unfolds: UNFOLDS, mixedMemory: false },
};
const saved = decodePolicy(smallPolicy(LTC_SPEC));
const circuit = buildWiring(WIRING, 4);
const tensorOf =
  ({ tensors }: SavedPolicy) =>
  (name: string): Float32Array => {
    const found = tensors.find((t) => t.name === name);
    if (found === undefined) throw new Error(`no tensor ${name}`);
    return found.data;
  };
const softplus = (x: number): number => Math.log1p(Math.exp(x));

const inputs = Array.from({ length: 12 }, (_, t) => [0, 1, 2, 3].map((d) => Math.sin(t * 0.7 + d * 1.3)));

const under = (interventions: readonly Intervention[]): PlainStep[] => inputs.map((obs) => ({ obs, interventions }));

function logitsOf(policy: SavedPolicy): number[][] {
  const runner = createPolicyRunner(policy);
  runner.reset();
  return inputs.map((obs) => [...runner.step(Float32Array.from(obs), 1).logits]);
}

const synapse = circuit.adjacency.findIndex((polarity, at) => polarity !== 0 && at % circuit.units < 2);
const CASES: Readonly<Record<string, readonly Intervention[]>> = {
  nothing: [],
  "an inter neuron silenced": [{ kind: "clamp", neuron: 15, value: 0 }],
  "a command neuron held": [{ kind: "clamp", neuron: 4, value: 0.7 }],
  "a motor neuron held": [{ kind: "clamp", neuron: 1, value: -0.4 }],
  "a sensor held": [{ kind: "clamp", neuron: -3, value: 0.25 }],
  "several at once": [
    { kind: "clamp", neuron: -1, value: 0 },
    { kind: "clamp", neuron: 5, value: 1 },
    { kind: "cut", from: Math.floor(synapse / circuit.units), to: synapse % circuit.units },
  ],
  "a synapse of a held neuron cut": [
    { kind: "clamp", neuron: Math.floor(synapse / circuit.units), value: 0.8 },
    { kind: "cut", from: Math.floor(synapse / circuit.units), to: synapse % circuit.units },
  ],
};

for (const [name, interventions] of Object.entries(CASES))
  test(`LTC interventions: ${name}: kernels on changed parameters equal plain equations whose signals are changed (within 1e-5)`, () => {
    const got = logitsOf(intervene(saved, interventions).saved);
    const expected = plainLtc(saved, under(interventions));
    got.forEach((row, t) => row.forEach((v, a) => expect(Math.abs(v - (expected[t]?.[a] ?? NaN))).toBeLessThan(1e-5)));
    if (interventions.length > 0) expect(got).not.toEqual(logitsOf(saved));
  });

test("an LTC's synapses are drawn by the sign of their reversal potential, as wide as their conductance", () => {
  const get = tensorOf(saved);
  const drawn = describeCircuit(saved, 1, worldNames("CartPole-v1"));
  expect(drawn?.from).toHaveLength(drawn?.to.length ?? 0);
  drawn?.from.forEach((from, i) => {
    const at = (from < 0 ? -1 - from : from) * circuit.units + (drawn.to[i] ?? 0);
    const role = (name: string): number => get(`circuit.rnn_cell.${from < 0 ? "sensory_" : ""}${name}`)[at] ?? NaN;
    expect(drawn.polarity[i]).toBe(Math.sign(role("erev")));
    expect(drawn.strength[i]).toBeCloseTo(softplus(role("w")), 6);
  });
  expect(new Set(drawn?.polarity)).toEqual(new Set([1, -1]));
  expect(new Set(drawn?.strength).size).toBeGreaterThan(20);
});
