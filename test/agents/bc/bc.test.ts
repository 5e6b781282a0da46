import { PCG64, make, makeBatch, createBatchStep } from "gymnasium-js";
import { expect, test } from "vitest";
import { BcConfig } from "../../../agents/bc/bc-config.ts";
import { type BcHeads, type BcLossKind, type BcLossSettings, bcLossRow } from "../../../agents/bc/bc-loss.ts";
import { createBcTrainer } from "../../../agents/bc/create-bc-trainer.ts";
import { episodeInMemory, splitEpisodes, startsIn } from "../../../agents/bc/demonstration-set.ts";
import { type PackedEpisode, shared } from "../../../agents/bc/packed-episode.ts";
import { SequenceSampler } from "../../../agents/bc/sequence-sampler.ts";
import { demonstrate } from "../../../agents/experts/demonstrate.ts";
import { findExpert } from "../../../agents/experts/experts.ts";
import { DEFAULT_PERTURBATION } from "../../../agents/experts/perturbation.ts";
import { ConfigError } from "../../../src/errors.ts";
import { createPolicyRunner } from "../../../src/policy/create-policy-runner.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { decodePolicy } from "../../../src/policy/saved-policy.ts";

const LANE_ARGS = { observation: "state", length: 200 } as const;

/** Disturbed expert episodes with numbers as observations. */
function demonstrations(id: string, args: Record<string, unknown>, expert: string, episodes: number): PackedEpisode[] {
  const env = make(id, args);
  const options = { seed: 3, episodes, perturbation: DEFAULT_PERTURBATION };
  return [...demonstrate(env, findExpert(expert, id), options)].map(({ steps }) => {
    const played = [...steps];
    const labels = played.flatMap(({ action }) => (typeof action === "number" ? [action] : [...action]));
    const obs = Float32Array.from(played.flatMap((step) => [...(step.obs as Float32Array)]));
    return {
      numSteps: played.length,
      labels: shared(Float32Array.from(labels)),
      elapsed: shared(Float32Array.from(played, (step) => step.elapsed)),
      obs: { kind: "numbers", data: shared(obs) },
    };
  });
}

const circuit = { kind: "cfc", wiring: { kind: "AutoNCP", units: 20 } } as const;

function runConfig(id: string, args: Record<string, unknown>, algo: Partial<BcConfig>, seed = 0) {
  const policy = PolicyConfig.parse({ circuit, actor: { scaleInit: 3 } });
  return { env: { id, args, imports: [] }, policy, algo: BcConfig.parse({ kind: "bc", ...algo }), seed };
}

for (const [kind, A] of [
  ["mse", 2],
  ["nll", 2],
  ["cross-entropy", 3],
] as const satisfies readonly [BcLossKind, number][]) {
  test(`${kind}: the gradient is the loss's central difference (within 1e-5)`, () => {
    const labels = kind === "cross-entropy" ? Float32Array.of(1) : Float32Array.of(0.3, -0.7);
    const settings: BcLossSettings = { kind, A, steeringWeight: kind === "cross-entropy" ? 0 : 0.5, totalRows: 1 };
    const logits = Float64Array.of(0.4, -0.2, 0.9);
    const logStd = Float64Array.of(-0.3, 0.2);
    const heads = (): BcHeads => ({
      logits: { data: logits as unknown as Float32Array, stride: 4 }, // float64, so that differences are exact
      dLogits: { data: new Float64Array(4) as unknown as Float32Array, stride: 4 },
      logStd: logStd as unknown as Float32Array,
      dLogStd: new Float64Array(2) as unknown as Float32Array,
    });
    const lossAt = (): number => {
      const sums = { loss: 0, error: 0, rows: 0 };
      bcLossRow(0, labels, 0, heads(), settings, sums);
      return sums.loss;
    };
    const used = heads();
    bcLossRow(0, labels, 0, used, settings, { loss: 0, error: 0, rows: 0 });
    const difference = (values: Float64Array, i: number): number => {
      const [at, step] = [values[i]!, 1e-5];
      values[i] = at + step;
      const above = lossAt();
      values[i] = at - step;
      const below = lossAt();
      values[i] = at;
      return (above - below) / (2 * step);
    };
    for (let a = 0; a < A; a++) expect(used.dLogits.data[a]).toBeCloseTo(difference(logits, a), 5);
    const half = heads();
    const [whole, halved] = [
      { loss: 0, error: 0, rows: 0 },
      { loss: 0, error: 0, rows: 0 },
    ];
    bcLossRow(0, labels, 0, heads(), settings, whole);
    bcLossRow(0, labels, 0, half, settings, halved, 0.5);
    expect(halved).toEqual({ loss: whole.loss / 2, error: whole.error / 2, rows: 0.5 });
    for (let a = 0; a < A; a++) expect(half.dLogits.data[a]).toBe(used.dLogits.data[a]! / 2);
    if (kind === "nll") for (let a = 0; a < A; a++) expect(half.dLogStd![a]).toBe(used.dLogStd![a]! / 2);
    if (kind === "nll") for (let a = 0; a < A; a++) expect(used.dLogStd![a]).toBeCloseTo(difference(logStd, a), 5);
  });
}

test("sequences are drawn evenly over all starts; balanced, evenly over the sizes of their labels", () => {
  const quiet = episodeInMemory(new Float32Array(90), 1, new Float32Array(90), new Float32Array(90).fill(1));
  const sharp = episodeInMemory(new Float32Array(30), 1, new Float32Array(30).fill(1), new Float32Array(30).fill(1));
  const shareOfSharp = (balance: number): number => {
    const sampler = new SequenceSampler(
      [quiet, sharp],
      { sequenceLength: 10, warmUp: 0 },
      balance,
      false,
      new PCG64(1),
    );
    const drawn = Array.from({ length: 4000 }, () => sampler.draw());
    expect(drawn.every(({ episode, start }) => start >= 0 && start + 10 <= episode.numSteps)).toBe(true);
    return drawn.filter(({ episode }) => episode === sharp).length / drawn.length;
  };
  expect(shareOfSharp(0)).toBeCloseTo(21 / (81 + 21), 1);
  expect(shareOfSharp(1)).toBeCloseTo(0.5, 1);
});

const SHAPE = { sequenceLength: 16, warmUp: 0 } as const;

test("validation keeps whole episodes back, never all; data too short for a sequence is refused", () => {
  const episode = (n: number) => episodeInMemory(new Float32Array(n), 1, new Float32Array(n), new Float32Array(n));
  const episodes = Array.from({ length: 20 }, () => episode(50));
  const { training, validation } = splitEpisodes(episodes, 0.1, SHAPE);
  expect([training.length, validation.length]).toEqual([18, 2]);
  expect(validation.every((e) => !training.includes(e))).toBe(true);
  expect(splitEpisodes([episode(50)], 0.5, SHAPE).validation).toEqual([]);
  expect(() => splitEpisodes([episode(5), episode(9)], 0.1, SHAPE)).toThrow(ConfigError);
  expect(() => splitEpisodes([episode(5), episode(9)], 0.1, SHAPE)).toThrow(/2 episodes, the longest of 9 steps/);
});

test("sequences begin where some step with a loss counts, and only there", () => {
  const weights = Float32Array.from({ length: 30 }, (_, t) => (t === 12 || t === 20 ? 1 : 0));
  const episode = episodeInMemory(new Float32Array(30), 1, new Float32Array(30), new Float32Array(30), weights);
  const startsOf = (warmUp: number): number[] => [...startsIn(episode, { sequenceLength: 5, warmUp })];
  expect(startsOf(0)).toEqual([8, 9, 10, 11, 12, 16, 17, 18, 19, 20]);
  expect(startsOf(3)).toEqual([8, 9, 16, 17]);
  const sampler = new SequenceSampler([episode], { sequenceLength: 5, warmUp: 3 }, 0, false, new PCG64(1));
  const drawn = new Set(Array.from({ length: 200 }, () => sampler.draw().start));
  expect([...drawn].toSorted((a, b) => a - b)).toEqual([8, 9, 16, 17]);
  const nobody = episodeInMemory(
    new Float32Array(30),
    1,
    new Float32Array(30),
    new Float32Array(30),
    new Float32Array(30),
  );
  expect(() => splitEpisodes([nobody], 0.1, SHAPE)).toThrow(/no step was done by hand.*policyWeight/);
});

/** Steps that the policy drove, with `wrong` labels for them, and the human's in between. */
function corrected(wrong: number): PackedEpisode[] {
  return demonstrations("LaneKeeping-v0", LANE_ARGS, "pure-pursuit", 3).map((episode) => {
    const byHand = Uint8Array.from({ length: episode.numSteps }, (_, t) => (t % 40 < 10 ? 1 : 0));
    const labels = episode.labels.map((label, t) => (byHand[t] === 1 ? label : wrong));
    return { ...episode, labels: shared(labels), byHand: shared(byHand) };
  });
}

test("of an episode that a human corrected, only the human's steps are learned, unless policyWeight says otherwise", async () => {
  const clone = async (wrong: number, algo: Partial<BcConfig> = {}): Promise<Uint8Array> => {
    const config = runConfig("LaneKeeping-v0", LANE_ARGS, { totalSteps: 3200, validateEvery: 5, ...algo });
    const trainer = await createBcTrainer(config, { numWorkers: 0, episodes: corrected(wrong) });
    while (trainer.numSteps < 3200) await trainer.iterate();
    return trainer.policy();
  };
  const learned = await clone(0.9);
  expect(await clone(-0.9)).toEqual(learned); // what the policy did leaves no trace
  expect(await clone(0.9, { policyWeight: 0.5 })).not.toEqual(learned);
  expect(await clone(0.9, { policyWeight: 0.5 })).not.toEqual(await clone(-0.9, { policyWeight: 0.5 }));
});

test("clones CartPole's expert from 20 disturbed episodes: 500 steps from 20 new starts", async () => {
  const episodes = demonstrations("CartPole-v1", {}, "state-feedback", 20);
  const algo = { totalSteps: 256_000, batchSize: 16, learningRate: 5e-3, validateEvery: 100 };
  const trainer = await createBcTrainer(runConfig("CartPole-v1", {}, algo), { numWorkers: 0, episodes });
  while (trainer.numSteps < algo.totalSteps) await trainer.iterate();
  const policy = createPolicyRunner(decodePolicy(await trainer.policy()));
  const env = makeBatch("CartPole-v1", 1);
  const out = createBatchStep(1, env.singleObservationSpace);
  let steps = 0;
  for (let episode = 0; episode < 20; episode++) {
    env.reset([1000 + episode], out);
    policy.reset();
    do {
      env.step(Int32Array.of(policy.step(out.obs, out.elapsed[0]!).action as number), out);
      steps++;
    } while (out.terminated[0] === 0 && out.truncated[0] === 0);
  }
  expect(steps / 20).toBeGreaterThanOrEqual(475);
});

test("the same bytes inline, in two threads, and after a resume in the middle of carried episodes", async () => {
  const episodes = demonstrations("LaneKeeping-v0", LANE_ARGS, "lqr", 4);
  const algo = { totalSteps: 1920, batchSize: 4, updatesPerIteration: 5, validateEvery: 10, carry: 3, warmUp: 2 };
  const config = runConfig("LaneKeeping-v0", LANE_ARGS, {
    ...algo,
    augmentation: { ...BcConfig.parse({ kind: "bc" }).augmentation, timeJitter: 0.1 },
  });
  const train = async (numWorkers: number, pauseAfter = Infinity): Promise<Uint8Array> => {
    let trainer = await createBcTrainer(config, { numWorkers, episodes });
    for (let i = 0; trainer.numSteps < algo.totalSteps; i++) {
      await trainer.iterate();
      if (i !== pauseAfter) continue;
      const saved = { policy: await trainer.policy(), state: await trainer.state() };
      await trainer.close();
      trainer = await createBcTrainer(config, { numWorkers, episodes, resume: saved });
    }
    const bytes = await trainer.policy();
    await trainer.close();
    return bytes;
  };
  const inline = await train(0);
  expect(await train(0, 2)).toEqual(inline);
  expect(await train(2)).toEqual(inline);
});

test("early stopping ends training when validation stops getting better", async () => {
  const episodes = demonstrations("LaneKeeping-v0", LANE_ARGS, "lqr", 3);
  const algo = {
    totalSteps: 64_000,
    batchSize: 2,
    learningRate: 0.3, // far too large: after the first lucky steps nothing gets better
    validateEvery: 2,
    patience: 3,
    updatesPerIteration: 2,
  };
  const trainer = await createBcTrainer(runConfig("LaneKeeping-v0", LANE_ARGS, algo), { numWorkers: 0, episodes });
  let iterations = 0;
  while (!trainer.isDone && iterations < 200) {
    await trainer.iterate();
    iterations++;
  }
  expect(iterations).toBeLessThan(200);
});

test("without a dataset cloning says how to get one", async () => {
  await expect(createBcTrainer(runConfig("CartPole-v1", {}, {}))).rejects.toThrow(/elegans record makes one/);
});

test("cloning on the tfjs executor: an LTC whose state is carried learns what the kernels' learns, weights within 1e-3", async () => {
  const episodes = demonstrations("CartPole-v1", {}, "state-feedback", 3);
  const algo = { sequenceLength: 6, batchSize: 4, numShards: 2, carry: 2, totalSteps: 72, updatesPerIteration: 3 };
  const config = {
    ...runConfig("CartPole-v1", {}, algo),
    policy: PolicyConfig.parse({ circuit: { kind: "ltc", wiring: { kind: "AutoNCP", units: 8 }, unfolds: 2 } }),
  };
  const lines: string[] = [];
  const clone = async (executor: "wasm" | "tfjs") => {
    const announce = (line: string): void => void lines.push(line);
    const trainer = await createBcTrainer(config, { numWorkers: 0, episodes, executor, announce });
    const metrics = await trainer.iterate();
    const { tensors } = decodePolicy(await trainer.policy());
    await trainer.close();
    return { loss: metrics["loss"]!, tensors };
  };
  const [kernels, tfjs] = [await clone("wasm"), await clone("tfjs")];
  expect(lines).toEqual([expect.stringMatching(/^executor tfjs .* runs on /)]);
  expect(tfjs.loss).toBeCloseTo(kernels.loss, 4);
  kernels.tensors.forEach(({ name, data }, i) => {
    expect(tfjs.tensors[i]!.name).toBe(name);
    data.forEach((value, k) => expect(Math.abs(tfjs.tensors[i]!.data[k]! - value), name).toBeLessThan(1e-3));
  });
});
