import { expect, test } from "vitest";

import { Minibatch } from "../../../agents/ppo/minibatch.ts";
import { columnsPerMinibatch } from "../../../agents/ppo/ppo-config.ts";
import { ppoLoss, type PpoHeads, type PpoLossSettings, totalLoss, zeroSums } from "../../../agents/ppo/ppo-loss.ts";
import { decodeState } from "../../../agents/workers/state-file.ts";
import { PpoWorker } from "../../../agents/ppo/ppo-worker.ts";
import { NonFiniteError } from "../../../src/errors.ts";
import type { PolicyNetwork } from "../../../src/policy/policy-network.ts";
import { inlinePpo, jobFor } from "../../helpers/inline-ppo.ts";
import { identityRules, ToyBatchEnv, type ToyRules } from "../../helpers/toy-batch-env.ts";

const makeEnv = (n: number): ToyBatchEnv => new ToyBatchEnv(n, identityRules(3));
const settings: PpoLossSettings = {
  clipRange: 0.2,
  valueClipRange: null,
  valueCoef: 0.5,
  entropyCoef: 0.02,
  advantageMean: 0.3,
  advantageScale: 0.8,
  totalRows: 64,
};

const headsOf = (network: PolicyNetwork): PpoHeads => ({
  logits: network.logits,
  logStd: network.logStd,
  value: network.values,
  dLogits: network.dLogits,
  dLogStd: network.dLogStd,
  dValue: network.dValues,
});

/** A worker after its first rollout, with one minibatch of shard 0 gathered. */
function firstMinibatch(policy: Parameters<typeof jobFor>[2]): {
  worker: PpoWorker;
  minibatch: Minibatch;
  T: number;
  B: number;
} {
  const job = jobFor(makeEnv, { numEnvs: 8, numMinibatches: 2, numSteps: 32 }, policy, 5);
  const worker = new PpoWorker(job, 0, makeEnv);
  const B = columnsPerMinibatch(job.config);
  const T = job.config.numSteps;
  const shard = worker.shards.get(0)!;
  shard.rollout.collect();
  shard.prepareUpdate(1);
  const minibatch = new Minibatch(worker.network, T * B);
  minibatch.gather(shard.rollout.trajectory, shard, shard.order.columns, 0, B);
  return { worker, minibatch, T, B };
}

for (const [name, policy] of [
  ["circuit, strict", {}],
  [
    "circuit, ncps masking, critic on the state",
    { circuit: { kind: "cfc", masking: "ncps" }, critic: { input: "obs+state" } },
  ],
  ["without state", { circuit: { kind: "mlp" } }],
  ["encoder", { encoder: { kind: "mlp", hidden: [9, 5] } }],
  ["ltc", { circuit: { kind: "ltc" } }],
  ["circuit, pure", { circuit: { kind: "cfc", mode: "pure" } }],
  ["circuit with mixed memory", { circuit: { kind: "cfc", mixedMemory: true } }],
  ["dense cfc", { circuit: { kind: "cfc-dense", units: 12, backboneUnits: 16 } }],
  ["lstm", { circuit: { kind: "lstm", units: 10 } }],
  ["gru", { circuit: { kind: "gru", units: 10 } }],
  ["encoder, critic on features", { encoder: { kind: "mlp", hidden: [9, 5] }, critic: { input: "features" } }],
  [
    "encoder, critic on features and state",
    { encoder: { kind: "mlp", hidden: [9, 5] }, critic: { input: "features+state" } },
  ],
] as const) {
  test(`${name}: in the first minibatch every ratio is 1 (1e-5), and values repeat`, () => {
    const { worker, minibatch, T, B } = firstMinibatch(policy);
    const { network } = worker;
    network.forward(T, B);
    network.evaluate(T * B);
    const sums = zeroSums();
    // With a clip range of 1e-5 every ratio further from 1 than that would count as clipped.
    ppoLoss(minibatch, headsOf(network), T * B, 3, { ...settings, clipRange: 1e-5 }, sums);
    expect(sums.clipped).toBe(0);
    const { data, stride } = network.values;
    for (let r = 0; r < T * B; r++) expect(Math.abs(data[r * stride]! - minibatch.oldValue[r]!)).toBeLessThan(1e-5);
    expect(worker.shards.get(0)!.rollout.trajectory.episodeStart.reduce((a, b) => a + b, 0)).toBeGreaterThan(8); // resets inside
  });

  test(`${name}: gradient of the whole loss agrees with central differences (2e-3 of its size)`, () => {
    const { worker, minibatch, T, B } = firstMinibatch(policy);
    const { network } = worker;
    const { parameters } = network;
    const sums = zeroSums();
    // The critic sends no gradient into encoder and circuit, so its loss is left out of what their gradient is compared with.
    const loss = (valueCoef: number): number => {
      network.prepare();
      network.forward(T, B);
      network.evaluate(T * B);
      const s = zeroSums();
      ppoLoss(minibatch, headsOf(network), T * B, 3, settings, s);
      const mean = { ...s };
      for (const key of Object.keys(mean) as (keyof typeof mean)[]) mean[key] /= settings.totalRows;
      return totalLoss(mean, { ...settings, valueCoef });
    };
    // Move away from the ratio-1 point, where the clipped loss has a kink in second order only, to a generic one.
    for (let i = 0; i < parameters.length; i++) parameters.values[i]! *= 1 + 0.05 * Math.sin(i);
    network.prepare();
    parameters.zeroGradients();
    network.forward(T, B);
    network.evaluate(T * B);
    ppoLoss(minibatch, headsOf(network), T * B, 3, settings, sums);
    network.backward(T, B);
    for (const { name: parameter } of parameters.list()) {
      const gradient = parameters.getGradient(parameter);
      const kept = parameters.get(parameter);
      const direction = kept.map((_, i) => Math.sign(gradient[i]!) || 0);
      const along = gradient.reduce((s, g, i) => s + g * direction[i]!, 0);
      if (along === 0) continue;
      const h = 3e-4;
      parameters.set(
        parameter,
        kept.map((w, i) => w + h * direction[i]!),
      );
      const readsCritic =
        parameter.startsWith("critic") || (name.includes("features") && parameter.startsWith("encoder"));
      // Through the circuit's state the critic's loss depends on the encoder too; that path has no gradient on purpose.
      if (name.includes("and state") && parameter.startsWith("encoder")) continue;
      const valueCoef = readsCritic ? settings.valueCoef : 0;
      const high = loss(valueCoef);
      parameters.set(
        parameter,
        kept.map((w, i) => w - h * direction[i]!),
      );
      const low = loss(valueCoef);
      parameters.set(parameter, kept);
      const numeric = (high - low) / (2 * h);
      expect(Math.abs(numeric - along), `${parameter}: ${numeric} and ${along}`).toBeLessThan(
        2e-3 * Math.abs(along) + 2e-5,
      );
    }
  });
}

test("a resumed trainer gives the same policy bytes as one that was never interrupted", async () => {
  const job = (): ReturnType<typeof jobFor> =>
    jobFor(makeEnv, { normalizeReward: true, totalSteps: 20_000 }, { normalizeObs: true }, 2);
  const straight = inlinePpo(job(), makeEnv, null);
  for (let i = 0; i < 3; i++) await straight.iterate();
  const policy = await straight.policy();
  const state = await straight.state();
  for (let i = 0; i < 3; i++) await straight.iterate();
  const start = { policy, state: { tensors: decodeState(state.trainer), optimizer: state.optimizer } };
  const resumed = inlinePpo(job(), makeEnv, start);
  expect(resumed.numSteps).toBe(3 * 512);
  for (let i = 0; i < 3; i++) await resumed.iterate();
  expect(Buffer.from(await resumed.policy()).equals(await straight.policy())).toBe(true);
  expect(Buffer.from((await resumed.state()).trainer).equals((await straight.state()).trainer)).toBe(true);
  expect(Buffer.from(await straight.policy()).equals(policy)).toBe(false);
});

test("another seed gives another policy, the same seed the same", async () => {
  const after = async (seed: number): Promise<Uint8Array> => {
    const trainer = inlinePpo(jobFor(makeEnv, {}, {}, seed), makeEnv, null);
    await trainer.iterate();
    return trainer.policy();
  };
  const first = Buffer.from(await after(1));
  expect(first.equals(await after(1))).toBe(true);
  expect(first.equals(await after(2))).toBe(false);
});

test("a NaN reward stops training before the update, names quantity and step, and leaves nothing to save", async () => {
  let steps = 0;
  const poisoned: ToyRules = {
    ...identityRules(3),
    step: (state, action, uniform) => {
      const result = identityRules(3).step(state, action, uniform);
      return ++steps > 700 ? { ...result, reward: NaN } : result;
    },
  };
  const makePoisoned = (n: number): ToyBatchEnv => new ToyBatchEnv(n, poisoned);
  const trainer = inlinePpo(jobFor(makePoisoned, {}, {}, 1), makePoisoned, null);
  await trainer.iterate();
  const error = await trainer.iterate().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NonFiniteError);
  expect((error as Error).message).toMatch(/^a reward became NaN at step 512\. Iteration 2;/);
  await expect(trainer.policy()).rejects.toBe(error);
});

test("a learning rate that blows up is caught as the quantity that became infinite, not saved", async () => {
  const trainer = inlinePpo(jobFor(makeEnv, { learningRate: 1e38 }, {}, 1), makeEnv, null);
  const error = await (async () => {
    for (let i = 0; i < 5; i++) await trainer.iterate();
  })().catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NonFiniteError);
});

test("a target KL of nearly zero stops the update after its first real step", async () => {
  const trainer = inlinePpo(jobFor(makeEnv, { targetKl: 1e-9 }, {}, 1), makeEnv, null);
  const metrics = await trainer.iterate();
  expect(metrics["updates"]).toBe(2); // the first has ratio 1, the second is seen and not applied
});
