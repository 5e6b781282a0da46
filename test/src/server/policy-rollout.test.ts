import { expect, test } from "vitest";
import { decodePolicy } from "../../../src/policy/saved-policy.ts";
import { describeCircuit } from "../../../src/protocol/describe-circuit.ts";
import { decodeBinaryFrame, decodeStep, encodeStep } from "../../../src/protocol/index.ts";
import { worldNames } from "../../../src/protocol/world-names.ts";
import type { LiveSource } from "../../../src/server/index.ts";
import { playPolicies } from "../../../src/server/policy-rollout.ts";
import { SMALL_SPEC, smallPolicy } from "../../helpers/small-policy.ts";

const source = (envId = "CartPole-v1"): LiveSource => ({
  title: "test",
  env: { id: envId, args: {} },
  policy: () => null,
  metrics: () => [],
  status: () => ({ phase: "viewing", steps: 0 }),
});

test("episodes follow each other: steps count up, returns add up, an end begins a new episode", () => {
  const rollout = playPolicies(source());
  rollout.load({ version: 3, bytes: smallPolicy() });
  let [episode, step, total] = [0, 0, 0];
  for (let i = 0; i < 400; i++) {
    const record = rollout.step(false);
    expect([record.episode, record.step, record.policyVersion]).toEqual([episode, step, 3]);
    total += record.reward;
    expect(record.return).toBe(total);
    expect(record.state.subarray(0, 2)).toEqual(record.motor);
    expect(record.action[0]).toBe(record.logits[1]! > record.logits[0]! ? 1 : 0);
    expect(record.probabilities[0]! + record.probabilities[1]!).toBeCloseTo(1, 6);
    expect(record.scene?.primitives.length).toBeGreaterThan(3);
    const isOver = record.terminated || record.truncated;
    [episode, step, total] = isOver ? [episode + 1, 0, 0] : [episode, step + 1, total];
  }
  expect(episode).toBeGreaterThan(2);
  rollout.close();
});

test("a real step survives the way to the page", () => {
  const rollout = playPolicies(source());
  rollout.load({ version: 1, bytes: smallPolicy() });
  const record = rollout.step(false);
  const back = decodeStep(decodeBinaryFrame(encodeStep(record, () => 0)), () => undefined);
  expect({ ...back, scene: null }).toEqual({ ...record, scene: null });
  expect(back.scene?.primitives.length).toBe(record.scene?.primitives.length);
  rollout.close();
});

test("the drawn circuit has the wiring's neurons and synapses, named, with the weights' strength", () => {
  const circuit = describeCircuit(decodePolicy(smallPolicy()), 1, worldNames("CartPole-v1"));
  expect(circuit?.neurons.map((n) => n.id)).toEqual(Array.from({ length: 20 }, (_, id) => id));
  expect(circuit?.neurons.slice(0, 2)).toEqual([
    { id: 0, kind: "motor", label: "push left" },
    { id: 1, kind: "motor", label: "push right" },
  ]);
  expect(circuit?.sensory).toEqual(["position", "velocity", "pole angle", "pole rate"]);
  expect(circuit?.masking).toBe("strict");
  for (const list of [circuit?.to, circuit?.polarity, circuit?.strength])
    expect(list?.length).toBe(circuit?.from.length);
  for (const s of circuit?.strength ?? []) expect(s > 0 && s !== 1 && s < 2).toBe(true);
});

test("many inputs are drawn as one, with one synapse for each neuron that hears any", () => {
  if (SMALL_SPEC.circuit.kind !== "cfc") throw new Error("the small policy has a circuit");
  const spec = {
    ...SMALL_SPEC,
    obs: { ...SMALL_SPEC.obs, shape: [400] },
    circuit: { ...SMALL_SPEC.circuit, inputDim: 400 },
  };
  const circuit = describeCircuit(decodePolicy(smallPolicy(spec)), 1, worldNames("MinAtar/Breakout-v1"));
  expect([circuit?.numInputs, circuit?.sensory]).toEqual([400, ["400 inputs"]]);
  const heard = circuit?.to.filter((_, i) => (circuit.from[i] ?? 0) < 0) ?? [];
  expect(new Set(heard).size).toBe(heard.length);
  expect(heard.length).toBe(circuit?.neurons.filter((n) => n.kind === "inter").length);
  expect(circuit?.neurons.slice(0, 2).map((n) => n.label)).toEqual(["stay", "left"]);
});

test("a strength is the mean magnitude of the synapse's own weights", () => {
  const saved = decodePolicy(smallPolicy());
  const before = describeCircuit(saved, 1, worldNames(""));
  const weight = saved.tensors.find((t) => t.name === "circuit.rnn_cell.layer_0.ff1.weight");
  weight?.data.fill(0);
  const after = describeCircuit(saved, 1, worldNames(""));
  const changed = before?.strength.map((s, i) => s !== after?.strength[i]);
  const isInter = (id: number): boolean => before?.neurons[id]?.kind === "inter";
  expect(changed).toEqual(before?.to.map(isInter));
});

test("an unknown world is refused with the nearest name", () => {
  expect(() => playPolicies(source("CartPol-v1"))).toThrow(/CartPole/);
});
