import { describe, expect, test } from "vitest";
import {
  CartPoleVectorEnv,
  ClosedEnvironmentError,
  defaultRng,
  makeVec,
  ResetNeeded,
  ValueError,
} from "../../../envs/index.ts";

const right = Int32Array.of(1, 1, 1);
const rowOf = (obs: unknown, i: number): number[] => [...(obs as Float32Array).subarray(4 * i, 4 * i + 4)];

/** Three carts after so many steps to the right. */
function driven(steps: number, maxEpisodeSteps: number | null = null): CartPoleVectorEnv {
  const env = new CartPoleVectorEnv(3, { maxEpisodeSteps });
  env.reset({ seed: 5 });
  for (let t = 0; t < steps; t++) env.step(right);
  return env;
}

describe("after close", () => {
  test("reset and step throw ClosedEnvironmentError, as those of other vector envs", () => {
    const env = driven(0);
    env.close();
    env.close(); // again does no harm
    expect(() => env.step(right)).toThrow(ClosedEnvironmentError);
    expect(() => env.reset()).toThrow(ClosedEnvironmentError);
    expect(() => env.step(right)).toThrow("CartPoleVectorEnv: it was closed, make a new one");
  });
});

describe("reset with a mask", () => {
  test.each([[Uint8Array.of(0, 1, 1)], [[false, true, true]]])(
    "restarts the copies of %o alone, with draws of the shared stream: all x first, then all xDot, …",
    (resetMask) => {
      const env = driven(3);
      const random = defaultRng(5);
      for (let draw = 0; draw < 12; draw++) random.uniform(-0.05, 0.05); // those of the first reset
      const next = Float32Array.from({ length: 8 }, () => random.uniform(-0.05, 0.05));
      const twin = driven(3);
      const [obs, info] = env.reset({ options: { resetMask } });
      expect(info).toEqual({});
      expect(rowOf(obs, 1)).toEqual([next[0], next[2], next[4], next[6]]);
      expect(rowOf(obs, 2)).toEqual([next[1], next[3], next[5], next[7]]);
      expect(rowOf(env.step(right)[0], 0)).toEqual(rowOf(twin.step(right)[0], 0)); // copy 0 drives on
    },
  );

  test("counts steps from anew in these copies alone", () => {
    const env = driven(3, 5);
    env.reset({ options: { resetMask: [true, false, true] } });
    env.step(right);
    expect([...env.step(right)[3]]).toEqual([0, 1, 0]);
  });

  test("an ended copy that is not in the mask starts anew on the following step; one in it steps at once", () => {
    const env = driven(5, 5);
    env.reset({ options: { resetMask: [true, false, false] } });
    expect([...env.step(right)[1]]).toEqual([1, 0, 0]);
    expect([...env.step(right)[1]]).toEqual([1, 1, 1]);
  });

  test("a new seed starts the stream that these copies draw from; bounds hold", () => {
    const env = driven(2);
    const twin = new CartPoleVectorEnv(1, {});
    const options = { low: 0.01, high: 0.02 };
    const [alone] = twin.reset({ seed: 8, options });
    const [obs] = env.reset({ seed: 8, options: { ...options, resetMask: [false, false, true] } });
    expect(rowOf(obs, 2)).toEqual([...alone]);
    expect(rowOf(obs, 0)).not.toEqual([...alone]);
  });

  test("of all copies is a reset of all", () => {
    const [masked, whole] = [driven(4), driven(4)];
    expect(masked.reset({ options: { resetMask: [true, true, true] } })).toEqual(whole.reset());
  });

  test("leaves copies that were never reset at 0, and step throws ResetNeeded until all were", () => {
    const env = new CartPoleVectorEnv(3, {});
    const [obs] = env.reset({ seed: 5, options: { resetMask: [false, true, false] } });
    expect(rowOf(obs, 0)).toEqual([0, 0, 0, 0]);
    expect(() => env.step(right)).toThrow(ResetNeeded);
    env.reset({ options: { resetMask: [true, false, true] } });
    expect([...env.step(right)[1]]).toEqual([1, 1, 1]);
  });

  test("that is none changes nothing", () => {
    const [env, twin] = [driven(2), driven(2)];
    expect(() => env.reset({ seed: 1, options: { resetMask: [true] } })).toThrow(ValueError);
    expect(() => env.reset({ seed: 1, options: { resetMask: [false, false, false] } })).toThrow(ValueError);
    expect(() => env.reset({ seed: 1, options: { resetMask: "all" } })).toThrow(TypeError);
    expect(env.step(right)).toEqual(twin.step(right));
    expect(env.reset()).toEqual(twin.reset());
  });
});

test("what makeVec makes takes masks as well", () => {
  const env = makeVec("CartPole-v1", 3);
  env.reset({ seed: 5 });
  const [before] = env.step(right);
  const [after] = env.reset({ options: { resetMask: [true, false, false] } });
  expect(rowOf(after, 1)).toEqual(rowOf(before, 1));
});
