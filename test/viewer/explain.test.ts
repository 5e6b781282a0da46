import { make } from "gymnasium-js";
import { expect, test } from "vitest";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import { describeCircuit } from "../../src/protocol/describe-circuit.ts";
import { SynapseAttribution } from "../../viewer/explain/synapse-attribution.ts";
import { Explainer } from "../../viewer/explain/explainer.ts";
import { observationsOf } from "../../viewer/explain/observations.ts";
import { LabPolicy } from "../../viewer/lab/lab-policy.ts";
import { simulate } from "../../viewer/lab/simulate.ts";
import { boardPolicy } from "../helpers/board-policy.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";

const WIRING = { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;
const LTC_SPEC: PolicySpec = {
  ...SMALL_SPEC,
  circuit: { kind: "ltc", wiring: WIRING, inputDim: 4, unfolds: 6, mixedMemory: false },
};
const T = 9;
const obs = Array.from({ length: T }, (_, t) => Float32Array.from([0, 1, 2, 3], (d) => Math.sin(t * 0.7 + d * 1.3)));
const elapsed = Array.from({ length: T }, (_, t) => 1 + (t % 3) / 2);

/** Logit `motor` after the stretch, from rest, with every weight of one synapse multiplied by `gain`. */
function logitWith(saved: SavedPolicy, from: number, to: number, gain: number, motor: number): number {
  const circuit = describeCircuit(saved, 0, { obs: [], actions: [] });
  if (circuit === null) throw new Error("it has a circuit");
  const tensors = saved.tensors.map((t) => ({ ...t, data: t.data.slice() }));
  const get = (name: string): Float32Array | undefined => tensors.find((t) => t.name === name)?.data;
  if (saved.spec.circuit.kind === "ltc") {
    const w = get(from < 0 ? "circuit.rnn_cell.sensory_w" : "circuit.rnn_cell.w");
    const at = (from < 0 ? -1 - from : from) * circuit.neurons.length + to;
    if (w !== undefined) w[at] = Math.log(Math.expm1(gain * Math.log1p(Math.exp(w[at] ?? 0))));
  } else {
    const layers = (["inter", "command", "motor"] as const).map((kind) =>
      circuit.neurons.filter((n) => n.kind === kind).map((n) => n.id),
    );
    const k = layers.findIndex((ids) => ids.includes(to));
    const ids = layers[k] ?? [];
    const before = k === 0 ? obs[0]!.length : (layers[k - 1]?.length ?? 0);
    const column =
      from < 0 ? -1 - from : ids.includes(from) ? before + ids.indexOf(from) : (layers[k - 1] ?? []).indexOf(from);
    const at = ids.indexOf(to) * (before + ids.length) + column;
    for (const head of ["ff1", "ff2", "time_a", "time_b"]) {
      const w = get(`circuit.rnn_cell.layer_${k}.${head}.weight`);
      if (w !== undefined) w[at] = (w[at] ?? 0) * gain;
    }
  }
  const runner = createPolicyRunner({ spec: saved.spec, tensors });
  runner.reset();
  let logit = NaN;
  obs.forEach((o, t) => (logit = runner.step(o, elapsed[t] ?? 1).logits[motor] ?? NaN));
  return logit;
}

for (const [name, spec] of [
  ["CfC", SMALL_SPEC],
  ["LTC", LTC_SPEC],
] as const)
  test(`${name}: a synapse's share is the slope of the logit in its gain, through 9 steps (central differences, within 1 %)`, async () => {
    const saved = decodePolicy(smallPolicy(spec));
    const attribution = await SynapseAttribution.create({ saved, held: [] }, T);
    const shares = attribution?.attribute({ obs, elapsed, state: null }, 1) ?? [];
    const circuit = describeCircuit(saved, 0, { obs: [], actions: [] });
    expect(shares.map(({ from, to }) => [from, to])).toEqual(circuit?.from.map((from, i) => [from, circuit.to[i]]));
    const largest = Math.max(...shares.map(({ share }) => Math.abs(share)));
    expect(largest).toBeGreaterThan(0.01);
    const h = 0.01;
    for (const { from, to, share } of shares.filter((_, i) => i % 7 === 0)) {
      const slope = (logitWith(saved, from, to, 1 + h, 1) - logitWith(saved, from, to, 1 - h, 1)) / (2 * h);
      expect(Math.abs(share - slope)).toBeLessThan(0.01 * largest);
    }
  });

test("an episode's decision is explained from its own observations and states; step 0 has no past", async () => {
  const saved = decodePolicy(smallPolicy());
  const world = { envId: "CartPole-v1", envArgs: {} };
  const policy = await LabPolicy.create(saved);
  const still = { clamps: [], obsNoise: 0, dropRate: 0, noiseSeed: 1, maxSteps: 60 };
  const episode = await simulate({
    title: "",
    policy,
    policyVersion: 1,
    ...world,
    from: { kind: "seed", seed: 3 },
    ...still,
  });
  const explainer = await Explainer.create({ saved, held: [] });
  const last = episode.length - 1;
  const late = await explainer.explain(episode, world, last, 0);
  expect(late.inputs).toHaveLength(4);
  expect(late.picture).toBeNull();
  const sizes = late.synapses.map(({ share }) => Math.abs(share));
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  const first = await explainer.explain(episode, world, 0, 0);
  const isCommand = (id: number): boolean => episode.circuit?.neurons[id]?.kind === "command";
  const recurrent = first.synapses.filter(({ from, to }) => isCommand(from) && isCommand(to));
  expect(recurrent.length).toBeGreaterThan(3);
  for (const { share } of recurrent) expect(Math.abs(share)).toBe(0); // at rest nothing comes from a layer's own past
  expect(first.inputs?.some((v) => v !== 0)).toBe(true);
});

const BREAKOUT = { envId: "MinAtar/Breakout-v1", envArgs: {} };
/** Sees the board without convolutions, cell by cell. */
const CELLS_SPEC: PolicySpec = {
  ...SMALL_SPEC,
  obs: { shape: [10, 10, 4], dtype: "uint8", scale: 1 },
  action: { kind: "discrete", n: 3, start: 0 },
  circuit: {
    ...(SMALL_SPEC.circuit as typeof SMALL_SPEC.circuit & { kind: "cfc" }),
    inputDim: 400,
    wiring: { ...WIRING, outputSize: 3 },
  },
  critic: null,
};

test("pictures of a recorded step are seen again exactly, the first as it was after reset", async () => {
  const world = BREAKOUT;
  const spec = CELLS_SPEC;
  const saved = decodePolicy(smallPolicy(spec));
  const policy = await LabPolicy.create(saved);
  const still = { clamps: [], obsNoise: 0, dropRate: 0, noiseSeed: 1, maxSteps: 90 };
  const episode = await simulate({
    title: "",
    policy,
    policyVersion: 1,
    ...world,
    from: { kind: "seed", seed: 3 },
    ...still,
  });
  const seen = await observationsOf(episode, world, spec, 1, episode.length - 1);
  expect(seen).toHaveLength(episode.length - 1);
  const again = await LabPolicy.create(saved);
  again.setState(episode.row(0).state);
  seen.forEach((o, i) => expect(again.step(o, episode.row(i + 1).elapsed).logits).toEqual(episode.row(i + 1).logits));
  const explainer = await Explainer.create({ saved, held: [] });
  const env = make(world.envId);
  expect(await observationsOf(episode, world, spec, 0, 3)).toEqual([env.reset({ seed: 3 })[0], ...seen.slice(0, 3)]);
  env.close();
  const { picture, inputs } = await explainer.explain(episode, world, 5, 2);
  expect(inputs).toBeNull();
  expect([picture?.height, picture?.width, picture?.visual]).toEqual([10, 10, null]);
  expect(Math.max(...(picture?.gradient ?? []))).toBe(1);
  expect(Math.max(...(picture?.grey ?? []))).toBe(1);
});

test("a policy with convolutions is explained by VisualBackProp as well", async () => {
  const world = { envId: "MinAtar/Breakout-v1", envArgs: {} };
  const saved = decodePolicy(boardPolicy());
  const policy = await LabPolicy.create(saved);
  const still = { clamps: [], obsNoise: 0, dropRate: 0, noiseSeed: 1, maxSteps: 5 };
  const from = { kind: "seed", seed: 3 } as const;
  const episode = await simulate({ title: "", policy, policyVersion: 1, ...world, from, ...still });
  const explainer = await Explainer.create({ saved, held: [] });
  const { picture } = await explainer.explain(episode, world, 3, 1);
  expect(picture?.visual).toHaveLength(100);
  expect(Math.max(...(picture?.visual ?? []))).toBeCloseTo(1, 6);
  expect(picture?.visual).not.toEqual(picture?.gradient);
});

test("the first picture of an episode is explained: every cell's push is the logit's slope from rest (central differences, within 1 %)", async () => {
  const saved = decodePolicy(smallPolicy(CELLS_SPEC));
  const policy = await LabPolicy.create(saved);
  const still = { clamps: [], obsNoise: 0, dropRate: 0, noiseSeed: 1, maxSteps: 3 };
  const from = { kind: "seed", seed: 3 } as const;
  const episode = await simulate({ title: "", policy, policyVersion: 1, ...BREAKOUT, from, ...still });
  const { picture, step, synapses } = await (
    await Explainer.create({ saved, held: [] })
  ).explain(episode, BREAKOUT, 0, 1);
  const env = make(BREAKOUT.envId);
  const board = Float32Array.from(env.reset({ seed: 3 })[0] as Uint8Array);
  env.close();
  const runner = createPolicyRunner(saved);
  const logit = (d: number, by: number): number => {
    runner.reset();
    return runner.step(board.with(d, (board[d] ?? 0) + by), 1).logits[1] ?? NaN;
  };
  const slopes = board.map((x, d) => (x === 0 ? 0 : x * (logit(d, 0.05) - logit(d, -0.05)) * 10));
  const sums = Array.from({ length: 100 }, (_, p) =>
    slopes.subarray(4 * p, 4 * p + 4).reduce((sum, slope) => sum + Math.abs(slope), 0),
  );
  const largest = Math.max(...sums);
  expect(sums.filter((sum) => sum > 0.01 * largest).length).toBeGreaterThan(10);
  sums.forEach((sum, p) => expect(Math.abs((picture?.gradient[p] ?? NaN) - sum / largest)).toBeLessThan(0.01));
  expect([step, synapses.length > 0]).toEqual([0, true]);
});
