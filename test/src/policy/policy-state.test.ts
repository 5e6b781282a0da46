import { Box, Discrete, PCG64 } from "gymnasium-js";
import { expect, test } from "vitest";
import { Engine, MemoryPlan } from "../../../src/engine/index.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { PolicyNetwork } from "../../../src/policy/policy-network.ts";
import { resolvePolicySpec } from "../../../src/policy/resolve-policy-spec.ts";

const spaces = { observation: new Box(-1, 1, { shape: [3], dtype: "float32" }), action: new Discrete(2) };

test.each([
  ["cfc", { kind: "cfc", wiring: { kind: "AutoNCP", units: 9 } }, 9],
  ["cfc with mixed memory", { kind: "cfc", wiring: { kind: "AutoNCP", units: 9 }, mixedMemory: true }, 18],
  ["ltc with mixed memory", { kind: "ltc", wiring: { kind: "AutoNCP", units: 9 }, mixedMemory: true }, 18],
  ["lstm", { kind: "lstm", units: 5 }, 10],
] as const)("%s: a state taken and set again continues with the same bits, memory included", (_, circuit, size) => {
  const plan = new MemoryPlan();
  const spec = resolvePolicySpec(PolicyConfig.parse({ circuit }), spaces, 1);
  const network = new PolicyNetwork(plan, spec, { maxRows: 2, maxBatch: 2 });
  Engine.create(plan);
  const random = new PCG64(2);
  network.initialize(() => random.nextDouble());
  expect(network.stateSize).toBe(size);
  const step = (at: number): number[] => {
    for (const row of [0, 1]) {
      network.writeObs(Float32Array.of(Math.sin(at + row), Math.cos(3 * at), 0.3), 0, row);
      network.writeTime(row, 1, 0);
    }
    network.step(2);
    return [...network.logits.data];
  };
  for (let t = 0; t < 4; t++) step(t);
  const state = new Float32Array(2 * size);
  network.getState(state, 2);
  expect(state.every((value) => value !== 0)).toBe(true);
  const expected = [step(4), step(5)];
  for (let t = 9; t < 12; t++) step(t);
  network.setState(state, 2);
  expect([step(4), step(5)]).toEqual(expected);
});
