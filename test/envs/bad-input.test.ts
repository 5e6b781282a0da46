import { describe, expect, test } from "vitest";
import {
  Box,
  createBatchStep,
  Dict,
  Discrete,
  flatten,
  InvalidAction,
  IrregularSampling,
  make,
  makeBatch,
  MultiDiscrete,
  register,
  ResetNeeded,
  Text,
  Tuple,
  unflatten,
  ValueError,
} from "../../envs/index.ts";
import type { Env } from "../../envs/index.ts";

const running = (id = "CartPole-v1"): Env => {
  const env = make(id);
  env.reset({ seed: 0 });
  return env;
};

describe("nothing continues silently", () => {
  test.each([
    ["a bare seed", () => running().reset(42 as never), TypeError, /got 42 \(number\), expected \{ seed, options \}/],
    ["options that are none", () => running().reset({ options: 5 as never }), TypeError, /options: got 5/],
    [
      "doubles as float32 actions",
      () => running("Pendulum-v1").step(Float64Array.of(0.5)),
      InvalidAction,
      /Float64Array/,
    ],
    ["a NaN action", () => running("Pendulum-v1").step(Float32Array.of(NaN)), InvalidAction, /NaN/],
    ["a step too early", () => make("Pendulum-v1").step(Float32Array.of(0)), ResetNeeded, /call reset/],
    ["text as a bound", () => new Box("a" as never, 1), TypeError, /Box low: got a \(string\)/],
    ["no bounds", () => new (Box as never as new () => Box)(), TypeError, /Box low: got undefined/],
    ["a class outside", () => flatten(new Discrete(3), 7), ValueError, /expected a value of Discrete\(3\)/],
    ["classes outside", () => flatten(new MultiDiscrete([2, 3]), [1, 3]), ValueError, /MultiDiscrete/],
    ["too few classes", () => flatten(new MultiDiscrete([2, 3]), [1]), ValueError, /MultiDiscrete/],
    ["a missing key", () => flatten(new Dict({ a: new Discrete(2) }), {}), ValueError, /Discrete\(2\)/],
    ["a short tuple", () => flatten(new Tuple([new Discrete(2), new Discrete(2)]), [1]), ValueError, /Tuple/],
    ["text outside", () => flatten(new Text(2), "abc"), ValueError, /Text/],
    ["a short flat value", () => unflatten(new Discrete(3), [1, 0]), ValueError, /got 2 numbers, expected 3/],
    ["a long flat value", () => unflatten(new Box(0, 1), [1, 0]), ValueError, /got 2 numbers, expected 1/],
    ["JSON of another kind", () => new Discrete(2).fromJson(["x"]), ValueError, /got "x" at 0/],
    ["JSON outside", () => new Text(3).fromJson(["ab", "abcd"]), ValueError, /got "abcd" at 1/],
    ["a number as entry point", () => register({ id: "bad/A-v0", entryPoint: 5 as never }), TypeError, /got 5/],
    ["itself as entry point", () => register({ id: "bad/B-v0", entryPoint: "bad/B-v0" }), ValueError, /the id itself/],
    [
      "an unknown option",
      () => new IrregularSampling(running(), { dropProb: 0.5 } as never),
      TypeError,
      /dropProbability/,
    ],
  ])("%s", (_, act, Class, message) => {
    expect(act).toThrow(Class);
    expect(act).toThrow(message);
  });

  test("arrays of the caller's that are too small", () => {
    const batch = makeBatch("CartPole-v1", 4);
    const small = createBatchStep(3, batch.singleObservationSpace);
    expect(() => batch.reset([0, 1, 2, 3], small)).toThrow(ValueError);
    const out = createBatchStep(4, batch.singleObservationSpace);
    batch.reset([0, 1, 2, 3], out);
    const shortObs = { ...out, finalObs: new Float32Array(15) };
    expect(() => batch.step(new Int32Array(4), shortObs)).toThrow(/less than 4 envs/);
    batch.step(new Int32Array(4), out);
  });
});
