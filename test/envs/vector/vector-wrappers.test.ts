import { expect, test } from "vitest";
import {
  Box,
  ClipAction,
  FrameStackObservation,
  make,
  makeVec,
  ObservationWrapper,
  RescaleAction,
  RescaleObservation,
  VectorClipReward,
  VectorizeAction,
  VectorizeObservation,
  VectorTransformReward,
} from "../../../envs/index.ts";
import type { Env, VectorEnv } from "../../../envs/index.ts";

const sync = (id: string, numEnvs: number, autoresetMode: "NextStep" | "SameStep" = "NextStep"): VectorEnv =>
  makeVec(id, numEnvs, {}, { vectorizationMode: "sync", autoresetMode });
const clip = (env: Env): Env => new ClipAction(env as never) as unknown as Env; // of Box actions, whatever the type says
const rescale = (env: Env): Env => new RescaleAction(env as never, -1, 1) as unknown as Env; // as above

test.each([
  ["ClipAction", clip, [-7, 0.5]],
  ["RescaleAction", rescale, [-1, 0.25]],
] as const)("VectorizeAction with %s steps each env as the wrapper around it does", (_, wrap, torques) => {
  const env = new VectorizeAction(sync("Pendulum-v1", 2), wrap);
  const singles = [0, 1].map(() => wrap(make("Pendulum-v1")));
  expect(env.singleActionSpace.equals(singles[0]!.actionSpace)).toBe(true);
  expect(env.actionSpace.shape).toEqual([2, 1]);
  env.reset({ seed: 5 });
  for (const [i, single] of singles.entries()) single.reset({ seed: 5 + i });
  const [obs, rewards] = env.step(Float32Array.from(torques));
  for (const [i, single] of singles.entries()) {
    const [want, reward] = single.step(Float32Array.of(torques[i]!));
    expect((obs as Float32Array).slice(3 * i, 3 * i + 3)).toEqual(want);
    expect(rewards[i]).toBe(reward);
  }
});

test("VectorizeObservation changes every observation, the final ones of ended episodes included", () => {
  const scale = (inner: Env): Env => new RescaleObservation(inner, 0, 1);
  const env = new VectorizeObservation(sync("MountainCar-v0", 2, "SameStep"), scale);
  const plain = sync("MountainCar-v0", 2, "SameStep");
  expect(env.observationSpace.shape).toEqual([2, 2]);
  const single = scale(make("MountainCar-v0")) as ObservationWrapper;
  const scaled = (obs: unknown, i: number): unknown =>
    single.observation((obs as Float32Array).slice(2 * i, 2 * i + 2));
  env.reset({ seed: 1 });
  plain.reset({ seed: 1 });
  for (let t = 0; t < 200; t++) {
    const [got, want] = [env.step(Int32Array.of(0, 2)), plain.step(Int32Array.of(0, 2))];
    for (const i of [0, 1]) expect((got[0] as Float32Array).slice(2 * i, 2 * i + 2)).toEqual(scaled(want[0], i));
    if (t < 199) continue; // the time limit
    const finals = (info: unknown): Float32Array[] => (info as { final_obs: Float32Array[] }).final_obs;
    expect(finals(got[4])).toEqual(finals(want[4]).map((obs) => single.observation(obs)));
  }
});

test("rewards of a vector env are changed and clipped", () => {
  const doubled = new VectorTransformReward(sync("CartPole-v1", 3), (reward) => 2 * reward);
  doubled.reset({ seed: 1 });
  expect(doubled.step(Int32Array.of(0, 1, 0))[1]).toEqual(Float64Array.of(2, 2, 2));
  const clipped = new VectorClipReward(doubled, -1, 1.5);
  expect(clipped.step(Int32Array.of(0, 1, 0))[1]).toEqual(Float64Array.of(1.5, 1.5, 1.5));
});

test("only wrappers of the right kind, without a state of their own, are vectorised", () => {
  const env = sync("Pendulum-v1", 2);
  expect(() => new VectorizeAction(env, (inner) => new RescaleObservation(inner, 0, 1))).toThrow(TypeError);
  expect(() => new VectorizeObservation(env, clip)).toThrow(TypeError);
  expect(() => new VectorizeObservation(env, (inner) => new FrameStackObservation(inner, 2))).toThrow(TypeError);
  class Peeking extends ObservationWrapper {
    override observation(): unknown {
      return this.env.step(Float32Array.of(0))[0];
    }
  }
  const peeking = new VectorizeObservation(env, (inner) => new Peeking(inner));
  expect(() => peeking.reset()).toThrow(/may not step/);
  expect(peeking.singleObservationSpace).toBeInstanceOf(Box);
});
