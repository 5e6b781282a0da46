import { type Env, make } from "gymnasium-js";
import { expect, test } from "vitest";
import { expertActor } from "../../../agents/experts/expert-actor.ts";
import { findExpert } from "../../../agents/experts/experts.ts";
import type { PolicyRunner } from "../../../src/policy/policy-runner.ts";
import { newEpisode } from "../../../src/recording/env-episodes.ts";
import { evaluatePolicy } from "../../../src/run/evaluate-policy.ts";
import { type PlayedEpisode, breathing, playEpisode } from "../../../src/run/play-episode.ts";

const balancer = expertActor(findExpert("state-feedback", "CartPole-v1"), null);
const play = (env: Env, maxSteps?: number): Promise<PlayedEpisode> =>
  playEpisode(env, balancer, 3, { breathe: breathing(), ...(maxSteps !== undefined && { maxSteps }) });

test("an episode that would never end is cut after maxSteps, which counts as a truncation", async () => {
  const endless = make("CartPole-v1", {}, { maxEpisodeSteps: -1 });
  const episode = await play(endless, 700);
  expect(episode).toMatchObject({ length: 700, return: 700, terminated: false, truncated: true, isCut: true });
});

test("an episode that its world ends by then is not cut", async () => {
  const limited = make("CartPole-v1");
  for (const maxSteps of [500, 501, undefined])
    expect(await play(limited, maxSteps)).toMatchObject({ length: 500, truncated: true, isCut: false });
});

test("an evaluation tells how far it is: within long episodes and after each", async () => {
  const told: [number, number][] = [];
  const nothing = new Float32Array();
  const response = { action: Float32Array.of(0), motor: nothing, state: nothing, logits: nothing, value: NaN };
  const still: PolicyRunner = { reset: () => {}, step: () => response };
  const world = make("Pendulum-v1", { maxEpisodeSteps: 130 });
  await evaluatePolicy(still, world, {
    episodes: 2,
    seed: 0,
    onProgress: (...progress) => told.push(progress),
  });
  expect(told).toEqual([
    [0, 64],
    [0, 128],
    [1, 0],
    [1, 64],
    [1, 128],
    [2, 0],
  ]);
});

test("the record of a cut episode ends with the truncation", async () => {
  const env = make("CartPole-v1", {}, { maxEpisodeSteps: -1 });
  const builder = newEpisode(env);
  await playEpisode(env, balancer, 3, { breathe: breathing(), builder, maxSteps: 5 });
  const { numSteps, columns } = builder.finish();
  expect(numSteps).toBe(5);
  expect(columns.get("truncations")).toEqual({ kind: "flags", data: Uint8Array.of(0, 0, 0, 0, 1, 0) }); // one row per observation
});
