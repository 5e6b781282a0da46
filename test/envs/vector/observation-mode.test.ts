import { describe, expect, test } from "vitest";
import {
  Box,
  Discrete,
  GymError,
  makeVec,
  MultiDiscrete,
  RuntimeError,
  SyncVectorEnv,
  ValueError,
  type Env,
  type Space,
  type SyncVectorOptions,
} from "../../../envs/index.ts";
import { AsyncVectorEnv } from "../../../envs/node.ts";
import { EchoEnv } from "../../helpers/echo-env.ts";
import "../../helpers/thread-envs.mjs";

/** Echoes actions, within bounds of its own. */
const echo = (limit: number, size = 2): (() => Env) => {
  const observationSpace = new Box<Float32Array>(-limit, limit, { shape: [size] });
  return () => Object.assign(new EchoEnv(), { observationSpace });
};
const vector = (envs: readonly (() => Env)[], options: SyncVectorOptions): SyncVectorEnv =>
  new SyncVectorEnv(envs, options);
const textOf = (space: Space<unknown>): string => String(space).replace(/\s+/g, " ");

describe("copies whose observation spaces differ", () => {
  test("same: refused, and the message says what allows it", () => {
    expect(() => vector([echo(1), echo(2)], {})).toThrow(
      new RuntimeError(
        'SyncVectorEnv: env 1 has observationSpace Box(-2.0, 2.0, (2,), float32), but env 0 has Box(-1.0, 1.0, (2,), float32); observationMode "different" allows other bounds',
      ),
    );
  });

  test("different: every copy keeps its own bounds", () => {
    const env = vector([echo(1), echo(2)], { observationMode: "different" });
    expect(textOf(env.observationSpace)).toBe("Box([[-1.0 -1.0] [-2.0 -2.0]], [[1.0 1.0] [2.0 2.0]], (2, 2), float32)");
    expect(env.singleObservationSpace.equals(echo(1)().observationSpace)).toBe(true);
    const [obs] = env.reset();
    expect(obs).toEqual(Float32Array.of(0.5, -1, 0.5, -1));
    expect(() => vector([echo(1), echo(2, 3)], { observationMode: "different" })).toThrow(ValueError);
  });

  test("two spaces: taken, where values have their form", () => {
    const singleObservationSpace = new Box(-5, 5, { shape: [2] });
    const observationSpace = new Box(-5, 5, { shape: [2, 2] });
    const observationMode = { singleObservationSpace, observationSpace };
    const env = vector([echo(1), echo(2)], { observationMode });
    expect(env.observationSpace).toBe(observationSpace);
    expect(env.singleObservationSpace).toBe(singleObservationSpace);
    expect(() => vector([echo(1), echo(2, 3)], { observationMode })).toThrow(
      new RuntimeError(
        "SyncVectorEnv: env 1 has observationSpace Box(-2.0, 2.0, (3,), float32), expected the form of Box(-5.0, 5.0, (2,), float32)",
      ),
    );
    expect(() => vector([echo(1), echo(2), echo(2)], { observationMode })).toThrow(ValueError);
  });

  test("anything else is no mode; actions never differ", () => {
    const observationMode = "nope" as "same";
    expect(() => vector([echo(1)], { observationMode })).toThrow(
      /^SyncVectorEnv: observationMode: got "nope", expected/,
    );
    const other = (): Env => Object.assign(new EchoEnv(), { actionSpace: new Discrete(3) });
    expect(() => vector([() => new EchoEnv(), other], { observationMode: "different" })).toThrow(
      /^SyncVectorEnv: env 1 has actionSpace Discrete\(3\), but env 0 has Box/,
    );
  });

  test("in worker threads likewise", async () => {
    const imports = [new URL("../../helpers/thread-envs.mjs", import.meta.url)];
    const envs = [1, 2].map((limits) => ({ id: "threads/Faulty-v0", kwargs: { fault: "space", limits } }));
    await expect(AsyncVectorEnv.create(envs, { imports })).rejects.toThrow(RuntimeError);
    const env = await AsyncVectorEnv.create(envs, { imports, numThreads: 1, observationMode: "different" });
    expect(textOf(env.observationSpace)).toBe("Box([[-1.0 -1.0] [-2.0 -2.0]], [[1.0 1.0] [2.0 2.0]], (2, 2), float32)");
    expect(env.reset()[0]).toEqual(new Float32Array(4));
    env.close();
  });
});

describe("observations are copies, unless asked otherwise", () => {
  const actions = Float32Array.of(1, 2, 3, -1);
  test("copy: what was returned stays as it was", () => {
    const env = vector([echo(3), echo(3)], {});
    const [first] = env.reset();
    const [second] = env.step(actions);
    expect(first).toEqual(Float32Array.of(0.5, -1, 0.5, -1));
    expect(second).toEqual(actions);
  });

  test("copy: false: always the same array, written anew", () => {
    const env = vector([echo(3), echo(3)], { copy: false });
    const [first] = env.reset();
    const [second] = env.step(actions);
    expect(second).toBe(first);
    expect(second).toEqual(actions);
  });
});

test("makeVec hands the options on, and refuses them where the world steps its copies itself", () => {
  const env = makeVec("CartPole-v1", 2, {}, { vectorizationMode: "sync", copy: false, observationMode: "different" });
  expect(env.reset({ seed: 1 })[0]).toBe(env.step(new Int32Array(2))[0]);
  expect(env.actionSpace).toBeInstanceOf(MultiDiscrete);
  expect(() => makeVec("CartPole-v1", 2, {}, { copy: false })).toThrow(
    new GymError('makeVec CartPole-v1: its own vector form takes no copy; use vectorizationMode "sync"'),
  );
});
