import { type Box, make } from "gymnasium-js";
import { expect, test } from "vitest";
import { buildWiring } from "../../src/ncp/index.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import { intervene, type Intervention } from "../../viewer/lab/interventions.ts";
import { LabPolicy } from "../../viewer/lab/lab-policy.ts";
import { simulate, type Simulation } from "../../viewer/lab/simulate.ts";
import { firstDifference, motorDeviation } from "../../viewer/replay/deviation.ts";
import { type PlainStep, plainCfc } from "../helpers/plain-circuit.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";

const saved = decodePolicy(smallPolicy());

const inputs = Array.from({ length: 12 }, (_, t) => [0, 1, 2, 3].map((d) => Math.sin(t * 0.7 + d * 1.3)));

const under = (interventions: readonly Intervention[]): PlainStep[] => inputs.map((obs) => ({ obs, interventions }));

function logitsOf(policy: SavedPolicy): number[][] {
  const runner = createPolicyRunner(policy);
  runner.reset();
  return inputs.map((obs) => [...runner.step(Float32Array.from(obs), 1).logits]);
}

const CASES: Readonly<Record<string, readonly Intervention[]>> = {
  nothing: [],
  "an inter neuron silenced": [{ kind: "clamp", neuron: 15, value: 0 }],
  "a command neuron held": [{ kind: "clamp", neuron: 4, value: 0.7 }],
  "a motor neuron held": [{ kind: "clamp", neuron: 1, value: -0.4 }],
  "a sensor held": [{ kind: "clamp", neuron: -3, value: 0.25 }],
  "several at once": [
    { kind: "clamp", neuron: -1, value: 0 },
    { kind: "clamp", neuron: 5, value: 1 },
    { kind: "cut", from: 3, to: 0 },
  ],
  "a synapse of a held neuron cut": [
    { kind: "clamp", neuron: 3, value: 0.8 },
    { kind: "cut", from: 3, to: 0 },
  ],
};

for (const [name, interventions] of Object.entries(CASES))
  test(`interventions: ${name}: kernels on changed weights equal a plain circuit whose signals are changed (within 1e-5)`, () => {
    const got = logitsOf(intervene(saved, interventions).saved);
    const expected = plainCfc(saved, under(interventions));
    got.forEach((row, t) => row.forEach((v, a) => expect(Math.abs(v - (expected[t]?.[a] ?? NaN))).toBeLessThan(1e-5)));
    if (interventions.length > 0) expect(got).not.toEqual(logitsOf(saved));
  });

test("interventions: every drawn synapse, cut alone, equals the plain circuit without it (within 1e-5)", () => {
  if (SMALL_SPEC.circuit.kind !== "cfc") throw new Error("the small policy has a circuit");
  const circuit = buildWiring(SMALL_SPEC.circuit.wiring, 4);
  let count = 0;
  circuit.adjacency.forEach((polarity, at) => {
    if (polarity === 0 || at % 7 !== 0) return; // every seventh is enough
    const cut = [{ kind: "cut", from: Math.floor(at / circuit.units), to: at % circuit.units }] as const;
    const expected = plainCfc(saved, under(cut));
    logitsOf(intervene(saved, cut).saved).forEach((row, t) =>
      row.forEach((v, a) => expect(Math.abs(v - (expected[t]?.[a] ?? NaN))).toBeLessThan(1e-5)),
    );
    count++;
  });
  expect(count).toBeGreaterThan(3);
});

const play = async (change: Partial<Simulation> = {}, policy = saved): ReturnType<typeof simulate> =>
  simulate({
    title: "test",
    policy: await LabPolicy.create(policy),
    policyVersion: 1,
    envId: "CartPole-v1",
    envArgs: {},
    from: { kind: "seed", seed: 5 },
    clamps: [],
    obsNoise: 0,
    dropRate: 0,
    noiseSeed: 1,
    maxSteps: 500,
    ...change,
  });

test("an episode played in the page equals the runner's in the same world, step by step", async () => {
  const episode = await play();
  const runner = createPolicyRunner(saved);
  runner.reset();
  for (let t = 0; t < episode.length; t++) {
    const row = episode.row(t);
    const step = runner.step(row.obs, row.elapsed);
    expect(row.motor).toEqual(step.motor);
    expect(row.state).toEqual(step.state);
    expect(row.action[0]).toBe(step.action);
    expect(row.value).toBe(step.value);
  }
  expect(episode.ended).toBe("terminated");
  expect(episode.row(episode.length - 1).return).toBe(episode.length);
  expect(episode.record(3).scene?.primitives.length).toBeGreaterThan(3);
});

test("equal arguments give equal episodes; another seed gives another", async () => {
  const [a, b, c] = [await play(), await play(), await play({ from: { kind: "seed", seed: 6 } })];
  expect(a.columns).toEqual(b.columns);
  expect(a.columns.obs).not.toEqual(c.columns.obs);
});

test("going on from any step without interventions repeats the rest of the episode exactly", async () => {
  const episode = await play();
  for (const step of [0, 1, Math.floor(episode.length / 2), episode.length - 1]) {
    const again = await play({ from: { kind: "step", episode, step } });
    expect(again.columns).toEqual(episode.columns);
    expect(again.ended).toBe(episode.ended);
    expect(firstDifference(episode, again)).toBeNull();
    expect(motorDeviation(episode, again).every((d) => d === 0)).toBe(true);
  }
});

test("going on with a motor neuron held leaves the steps before alone and changes those after", async () => {
  const episode = await play();
  const clamp = { kind: "clamp", neuron: 1, value: -1 } as const;
  const other = await play(
    { from: { kind: "step", episode, step: 3 }, clamps: [clamp] },
    intervene(saved, [clamp]).saved,
  );
  expect([other.row(2).motor[1] === -1, other.row(3).motor[1], other.row(3).state[1]]).toEqual([false, -1, -1]);
  expect(other.columns.obs.subarray(0, 16)).toEqual(episode.columns.obs.subarray(0, 16));
  expect(firstDifference(episode, other)).toBeGreaterThanOrEqual(3);
  expect([...other.columns.action.subarray(3)].every((a) => a === 0)).toBe(true);
});

test("a lost observation repeats the last action, leaves the circuit as it was, and the next one knows how much time has passed", async () => {
  const episode = await play({ dropRate: 0.5, maxSteps: 60 });
  const elapsed = [...episode.columns.elapsed];
  expect(Math.max(...elapsed)).toBeGreaterThan(1);
  for (let t = 1; t < episode.length; t++) {
    const grew = (elapsed[t] ?? 0) > (elapsed[t - 1] ?? 0);
    const [now, before] = [episode.row(t), episode.row(t - 1)];
    if (now.state.every((s, i) => s === before.state[i])) expect(now.action).toEqual(before.action);
    else if (grew) expect(elapsed[t]).toBe((elapsed[t - 1] ?? 0) + 1);
  }
});

test("noise changes what the policy sees, from the same world", async () => {
  const [clean, noisy] = [await play(), await play({ obsNoise: 0.1 })];
  expect(await noisy.snapshot(0)).toEqual(await clean.snapshot(0));
  const moved = noisy.row(0).obs.map((x, i) => Math.abs(x - (clean.row(0).obs[i] ?? 0)));
  expect(Math.max(...moved)).toBeGreaterThan(0);
  expect(Math.max(...moved)).toBeLessThan(0.6);
});

test("a what-if in a changed world begins where the episode was, however long before that the last full snapshot is", async () => {
  const road = { envId: "LaneKeeping-v0", envArgs: { observation: "state" } };
  const world = make(road.envId, road.envArgs);
  const [D = 0] = (world.observationSpace as Box).shape;
  world.close();
  if (SMALL_SPEC.circuit.kind !== "cfc") throw new Error("the small policy has a circuit");
  const wiring = { kind: "AutoNCP", units: 20, outputSize: 1, sparsityLevel: 0.5, seed: 1 } as const;
  const driver = decodePolicy(
    smallPolicy({
      ...SMALL_SPEC,
      obs: { shape: [D], dtype: "float32", scale: 1 },
      action: { kind: "box", shape: [1], low: [-1], high: [1] },
      circuit: { ...SMALL_SPEC.circuit, inputDim: D, wiring },
    }),
  );
  const episode = await play({ ...road, maxSteps: 45 }, driver);
  const inWind = { ...road.envArgs, sideWind: 4 };
  const from = { kind: "step", episode, step: 40, envArgs: road.envArgs } as const;
  const goOn = () => play({ ...road, envArgs: inWind, from, maxSteps: 45 }, driver);
  const exact = await goOn();
  episode.restorePoint = () => 0; // recordings have a full snapshot every 64 steps
  const repeated = await goOn();
  expect(repeated.columns.obs).toEqual(exact.columns.obs);
  expect(exact.row(44).obs).not.toEqual(episode.row(44).obs);
});
