import fc from "fast-check";
import { expect, test } from "vitest";
import { draw, InvalidSnapshot, make } from "../../../envs/index.ts";

function midEpisode(): ReturnType<typeof make> {
  const env = make("CartPole-v1");
  env.reset({ seed: 4 });
  for (const action of [0, 1, 1]) env.step(action);
  return env;
}

test("a restored env continues identically, its random stream and step count included", () => {
  const env = midEpisode();
  const twin = make("CartPole-v1");
  twin.restore(env.snapshot());
  expect(twin.step(1)).toEqual(env.step(1));
  expect(twin.reset()).toEqual(env.reset());
  expect(twin.snapshot()).toEqual(env.snapshot());
});

test("a snapshot without randomness restores the state and leaves the random stream", () => {
  const env = midEpisode();
  const twin = make("CartPole-v1");
  twin.reset({ seed: 99 });
  const small = env.snapshot({ random: false });
  expect(small.length).toBeLessThan(env.snapshot().length - 39);
  twin.restore(small);
  expect(twin.step(0)).toEqual(env.step(0));
  const reference = make("CartPole-v1");
  reference.reset({ seed: 99 });
  expect(twin.reset()).toEqual(reference.reset());
});

test("draw shows from a snapshot alone what render shows", () => {
  const env = midEpisode();
  expect(draw("CartPole-v1", env.snapshot({ random: false }))).toEqual(env.render());
});

test("any bytes that are no snapshot are refused and change nothing", () => {
  const env = midEpisode();
  const good = env.snapshot();
  const refuse = (bytes: Uint8Array): void => {
    expect(() => env.restore(bytes)).toThrow(InvalidSnapshot);
    expect(env.snapshot()).toEqual(good);
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), refuse));
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = good.slice();
      damaged[at]! ^= flip;
      refuse(damaged);
    }),
  );
  fc.assert(fc.property(fc.nat(good.length - 1), (length) => refuse(good.slice(0, length))));
  refuse(Uint8Array.of(...good, 0));
});

test("the message tells another world's snapshot apart from damage", () => {
  const env = midEpisode();
  const unlimited = make("CartPole-v1", {}, { maxEpisodeSteps: -1 });
  unlimited.reset({ seed: 1 });
  expect(() => env.restore(unlimited.snapshot())).toThrow(/snapshot of TimeLimit: got one of "OrderEnforcing"/);
  const damaged = env.snapshot();
  damaged[damaged.length - 1]! ^= 1;
  expect(() => env.restore(damaged)).toThrow(/damaged/);
});
