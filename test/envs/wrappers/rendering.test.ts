import { expect, test } from "vitest";
import {
  AddRenderObservation,
  FrameStackObservation,
  framesToGif,
  make,
  RenderCollection,
  rgbArray,
  TimeAwareObservation,
  ValueError,
} from "../../../envs/index.ts";
import type { Dict, Env } from "../../../envs/index.ts";
import { EchoEnv } from "../../helpers/echo-env.ts";

const cart = (): Env => make("CartPole-v1");

test("AddRenderObservation shows the picture of each moment, and nothing else", () => {
  const env = new AddRenderObservation(cart(), { width: 60, height: 40 });
  expect(env.observationSpace.shape).toEqual([40, 60, 3]);
  const [first] = env.reset({ seed: 1 });
  const kept = (first as Uint8Array).slice();
  expect(first).toEqual(rgbArray(env.render()!, 60, 40));
  const [next] = env.step(1);
  expect(next).toEqual(rgbArray(env.render()!, 60, 40));
  expect(next).not.toEqual(kept);
  expect(first).toEqual(kept); // not overwritten
  expect(env.observationSpace.contains(next)).toBe(true);
});

test("AddRenderObservation with renderOnly: false puts the picture beside what was observed", () => {
  const env = new AddRenderObservation(cart(), { renderOnly: false, obsKey: "poles" });
  const [obs] = env.reset({ seed: 2 }) as [{ poles: Float32Array; pixels: Uint8Array }, object];
  expect(env.observationSpace.contains(obs)).toBe(true);
  expect(obs.poles).toEqual(cart().reset({ seed: 2 })[0]);
  const timed = new TimeAwareObservation(cart(), { flatten: false });
  const both = new AddRenderObservation(timed, { renderOnly: false });
  expect([...(both.observationSpace as Dict).spaces.keys()]).toEqual(["obs", "time", "pixels"]);
  expect(both.observationSpace.contains(both.reset({ seed: 2 })[0])).toBe(true);
});

test("AddRenderObservation refuses a key that is taken, a size that is none and an env without pictures", () => {
  const timed = new TimeAwareObservation(cart(), { flatten: false });
  expect(() => new AddRenderObservation(timed, { renderOnly: false, renderKey: "time" })).toThrow(ValueError);
  expect(() => new AddRenderObservation(cart(), { width: 0 })).toThrow(RangeError);
  const blind = new AddRenderObservation(new EchoEnv() as unknown as Env); // an env of typed actions stands for any
  expect(() => blind.reset()).toThrow(/draws nothing/);
});

test("pictures can be stacked like any observation", () => {
  const env = new FrameStackObservation(new AddRenderObservation(cart(), { width: 8, height: 6 }), 2);
  expect(env.observationSpace.shape).toEqual([2, 6, 8, 3]);
  expect(env.observationSpace.contains(env.reset({ seed: 1 })[0])).toBe(true);
});

test("RenderCollection keeps one picture per moment, hands them out once, and forgets at a reset unless told not to", () => {
  const play = (env: RenderCollection): void => {
    env.reset({ seed: 3 });
    for (let t = 0; t < 4; t++) env.step(t % 2);
  };
  const env = new RenderCollection(cart());
  play(env);
  play(env);
  expect(env.frames).toHaveLength(5);
  expect(env.frames.at(-1)).toEqual(env.render());
  expect(env.frames[0]).not.toEqual(env.frames[4]);
  const taken = env.takeFrames();
  expect([taken.length, env.frames.length]).toEqual([5, 0]);
  expect(new TextDecoder().decode(framesToGif(taken, { fps: 10, longSide: 20 }).subarray(0, 6))).toBe("GIF89a");
  const keeping = new RenderCollection(cart(), { resetClean: false });
  play(keeping);
  play(keeping);
  expect(keeping.frames).toHaveLength(10);
});
