import { describe, expect, test } from "vitest";
import { policyModule } from "../../../src/export/js/policy-module.ts";
import type { ExportedRunner } from "../../../src/export/js/policy-runtime.ts";
import type { SavedPolicy } from "../../../src/policy/saved-policy.ts";
import { decodePolicy } from "../../../src/policy/saved-policy.ts";
import { playWitness, policyZoo } from "../../helpers/policy-zoo.ts";
import { SMALL_SPEC, smallPolicy } from "../../helpers/small-policy.ts";

const zoo = policyZoo();

/** Loads the module's text as such: nothing of this project is within its reach. */
async function load(saved: SavedPolicy): Promise<{ about: Record<string, unknown>; policy: ExportedRunner }> {
  const text = policyModule(saved, { version: "1.2.3", metadata: { "elegans.env": "World-v0" } });
  const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`);
  return { about: module.about, policy: await module.createPolicy() };
}

describe("an exported module acts as the engine does, within 1e-5", () => {
  for (const [name, saved] of zoo)
    test(name, async () => {
      const { policy } = await load(saved);
      for (let episode = 0; episode < 2; episode++) {
        policy.reset();
        for (const step of playWitness(saved, 6)) {
          const { logits, state, action } = policy.step(step.obs, step.elapsed);
          expectClose(logits, step.logits);
          expectClose(state.subarray(0, step.state.length), step.state);
          expectClose(
            [action].flatMap((value) => (typeof value === "number" ? value : [...value])),
            [step.action].flat(),
          );
        }
      }
    });
});

test("a policy of 32 neurons for CartPole takes at most 60 KB, machine and weights included", () => {
  const circuit = {
    ...SMALL_SPEC.circuit,
    wiring: { kind: "AutoNCP", units: 32, outputSize: 2, sparsityLevel: 0.5, seed: 1 },
  };
  const saved = decodePolicy(smallPolicy({ ...SMALL_SPEC, circuit } as typeof SMALL_SPEC));
  const { length } = Buffer.from(policyModule(saved, { version: "1.2.3", metadata: {} }));
  expect(length).toBeLessThan(60_000);
});

test("drawn actions follow the logits, and means with their deviations", async () => {
  const { policy } = await load(zoo.get("mlp")!);
  const obs = new Float32Array(5).fill(0.3);
  const { logits } = policy.step(obs);
  const weights = Array.from(logits, Math.exp);
  const total = weights.reduce((a, b) => a + b);
  const counts = new Array(5).fill(0);
  let u = 0;
  const even = (): number => (u = (u + 0.001) % 1); // every thousandth once: frequencies are exact to a thousandth
  for (let i = 0; i < 1000; i++) counts[(policy.step(obs, 1, even).action as number) + 1]++; // this world starts at -1
  weights.forEach((weight, a) => expect(Math.abs(counts[a] / 1000 - weight / total)).toBeLessThan(0.003));
  const { policy: driver } = await load(zoo.get("gru")!);
  const mean = Array.from(driver.step(obs).logits);
  driver.reset();
  const action = driver.step(obs, 1, () => 0.5).action as Float32Array;
  const logStd = zoo.get("gru")!.tensors.find(({ name }) => name === "actor.logStd")!.data;
  const noise = Math.sqrt(-2 * Math.log(0.5)) * Math.cos(Math.PI);
  action.forEach((value, a) => {
    const wanted = Math.min(0.5, Math.max(-0.5, mean[a]! + Math.exp(logStd[a]!) * noise));
    expect(value).toBeCloseTo(wanted, 5);
  });
});

test("observations of another size and times that stand still are refused", async () => {
  const { policy, about } = await load(zoo.get("lstm")!);
  expect(() => policy.step([1, 2, 3])).toThrow("the observation has 3 numbers, expected 5");
  expect(() => policy.step(new Float32Array(5), 0)).toThrow("the elapsed time is 0");
  expect(about).toMatchObject({ "elegans.env": "World-v0", obs: { shape: [5] }, action: { kind: "discrete", n: 2 } });
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-5);
}
