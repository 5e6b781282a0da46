import { rm } from "node:fs/promises";
import { join } from "node:path";
import { make } from "gymnasium-js";
import { expect, test } from "vitest";
import { createDaggerTrainer, type DaggerRunConfig } from "../../../agents/dagger/create-dagger-trainer.ts";
import { DaggerConfig, expertShare } from "../../../agents/dagger/dagger-config.ts";
import { mixtureActor } from "../../../agents/dagger/mixture-actor.ts";
import { findExpert } from "../../../agents/experts/experts.ts";
import type { Metrics, Trainer } from "../../../agents/trainer.ts";
import { createPolicyRunner } from "../../../src/policy/create-policy-runner.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { decodePolicy } from "../../../src/policy/saved-policy.ts";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { evaluatePolicy } from "../../../src/run/evaluate-policy.ts";
import { inFolder } from "../../helpers/cli.ts";
import { smallPolicy } from "../../helpers/small-policy.ts";

const ROUNDS = 3;

function runConfig(algo: object = {}): DaggerRunConfig {
  const settings = {
    totalSteps: 1920,
    rounds: ROUNDS,
    episodesPerRound: 2,
    batchSize: 4,
    updatesPerIteration: 5,
    ...algo,
  };
  return {
    env: { id: "LaneKeeping-v0", args: { observation: "state", length: 100 }, imports: [] },
    policy: PolicyConfig.parse({ circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 20 } } }),
    algo: DaggerConfig.parse({ kind: "dagger", ...settings }),
    seed: 4,
  };
}

async function finish(trainer: Trainer): Promise<{ policy: Uint8Array; metrics: Metrics[] }> {
  const metrics: Metrics[] = [];
  while (!trainer.isDone) metrics.push(await trainer.iterate());
  const policy = await trainer.policy();
  await trainer.close();
  return { policy, metrics };
}

test("in round r the expert acts in beta^r of the steps; the label is always the expert's", () => {
  const config = DaggerConfig.parse({ kind: "dagger", beta: 0.5 });
  expect([0, 1, 2].map((round) => expertShare(config, round))).toEqual([1, 0.5, 0.25]);
  const env = make("CartPole-v1");
  const [obs, info] = env.reset({ seed: 1 });
  const expert = findExpert("state-feedback", "CartPole-v1");
  const wanted = expert.act(env);
  const learner = createPolicyRunner(decodePolicy(smallPolicy()));
  const shareOfExpert = (share: number): number => {
    let same = 0;
    for (let seed = 0; seed < 400; seed++) {
      const actor = mixtureActor({ ...expert, act: () => 7 }, learner, share);
      actor.reset(seed);
      const { action, label, response } = actor.act({ obs, info, elapsed: 1, env });
      expect(label).toBe(7);
      expect(response?.state).toHaveLength(20); // the learner saw it, whoever acts
      if (action === 7) same++;
    }
    return same / 400;
  };
  expect([0, 1]).toContain(wanted);
  expect(shareOfExpert(1)).toBe(1);
  expect(shareOfExpert(0)).toBe(0);
  expect(Math.abs(shareOfExpert(0.25) - 0.25)).toBeLessThan(0.07);
});

test("every round adds its episodes to the dataset and learns from all; nothing depends on the number of threads", () =>
  inFolder(async (folder) => {
    const alone = await createDaggerTrainer(runConfig(), { numWorkers: 0 });
    await alone.attach!(folder);
    const { policy, metrics } = await finish(alone);
    expect(metrics.map(({ round }) => round)).toEqual([0, 0, 1, 1, 2, 2]);
    expect(metrics.map(({ demonstrations }) => demonstrations)).toEqual([2, 2, 4, 4, 6, 6]);
    expect(metrics.flatMap((m) => ("collectedReturn" in m ? [m["round"]] : []))).toEqual([0, 1, 2]);
    expect(metrics.at(-1)!["steps"]).toBe(1920);
    const reader = await DatasetReader.open(join(folder, "demonstrations"));
    const episodes = await reader.episodes();
    expect(episodes.map(({ elegans }) => elegans!.actor.name)).toEqual(
      [0, 0, 1, 1, 2, 2].map((r) => (r === 0 ? "pure-pursuit, round 0" : `with pure-pursuit, round ${r}`)),
    );
    const infos = (await reader.read(5)).columns.get("infos");
    expect(infos?.kind === "group" && ["label", "policy", "snapshot"].every((name) => infos.columns.has(name))).toBe(
      true,
    );
    const threads = await createDaggerTrainer(runConfig(), { numWorkers: 2 });
    expect((await finish(threads)).policy).toEqual(policy);
  }));

test("a run taken up in the middle of a round ends with the same bytes; episodes of after the checkpoint are made again", () =>
  inFolder(async (folder) => {
    const whole = await createDaggerTrainer(runConfig(), { numWorkers: 0 });
    await whole.attach!(join(folder, "whole"));
    const { policy } = await finish(whole);
    const path = join(folder, "stopped");
    const stopped = await createDaggerTrainer(runConfig(), { numWorkers: 0 });
    await stopped.attach!(path);
    for (let i = 0; i < 3; i++) await stopped.iterate();
    const saved = { policy: await stopped.policy(), state: await stopped.state() };
    expect(stopped.numSteps).toBe(960);
    for (let i = 0; i < 2; i++) await stopped.iterate(); // collects round 2, and is killed
    await stopped.close();
    const resumed = await createDaggerTrainer(runConfig(), { numWorkers: 0, resume: saved });
    await resumed.attach!(path);
    expect(resumed.numSteps).toBe(960);
    expect((await finish(resumed)).policy).toEqual(policy);
    expect(await (await DatasetReader.open(join(path, "demonstrations"))).ids()).toEqual([0, 1, 2, 3, 4, 5]);
    await rm(join(path, "demonstrations", "data", "3"), { recursive: true });
    const broken = await createDaggerTrainer(runConfig(), { numWorkers: 0, resume: saved });
    await expect(broken.attach!(path)).rejects.toThrow(
      /demonstrations holds 3 episodes, the checkpoint was saved with 4/,
    );
  }));

test("a run may start from a dataset: its episodes come first, and round 1 is the first that is played", () =>
  inFolder(async (folder) => {
    const first = await createDaggerTrainer(runConfig({ rounds: 1 }), { numWorkers: 0 });
    await first.attach!(folder);
    await finish(first);
    const data = join(folder, "demonstrations");
    const second = await createDaggerTrainer(runConfig({ rounds: 2, data }), { numWorkers: 0 });
    await second.attach!(join(folder, "second"));
    const { metrics } = await finish(second);
    expect(metrics.map(({ demonstrations }) => demonstrations)).toEqual([2, 2, 2, 4, 4, 4]);
    expect("collectedReturn" in metrics[0]!).toBe(false);
    const episodes = await (await DatasetReader.open(join(folder, "second", "demonstrations"))).episodes();
    expect(episodes.map(({ elegans }) => elegans!.actor.kind)).toEqual(["expert", "expert", "policy", "policy"]);
  }));

test("CartPole: three rounds reach at least 475 in 10 new episodes", async () => {
  const config: DaggerRunConfig = {
    ...runConfig({ totalSteps: 192_000, batchSize: 16, learningRate: 5e-3, episodesPerRound: 8, validateEvery: 100 }),
    env: { id: "CartPole-v1", args: {}, imports: [] },
  };
  const { policy } = await finish(await createDaggerTrainer(config, { numWorkers: 0 }));
  const evaluation = await evaluatePolicy(createPolicyRunner(decodePolicy(policy)), make("CartPole-v1"), {
    episodes: 10,
    seed: 77,
  });
  expect(evaluation.return.mean).toBeGreaterThanOrEqual(475);
});

test("worlds without an expert and unknown experts are refused by name", async () => {
  const pendulum = { ...runConfig(), env: { id: "Pendulum-v1", args: {}, imports: [] } };
  await expect(createDaggerTrainer(pendulum)).rejects.toThrow(/expert: there is none for Pendulum-v1/);
  await expect(createDaggerTrainer(runConfig({ expert: "pure-persuit" }))).rejects.toThrow(/did you mean pure-pursuit/);
});
