import { expect, test } from "vitest";
import {
  createBatchStep,
  GymError,
  InvalidAction,
  InvalidSeed,
  make,
  makeBatch,
  makeVec,
  NameNotFound,
  pprintRegistry,
  register,
  registerEnvs,
  registry,
  ResetNeeded,
  spec,
  TimeLimit,
  unwrapped,
  ValueError,
  VectorClipReward,
  VersionNotFound,
  type Env,
} from "../../envs/index.ts";
import { EchoEnv } from "../helpers/echo-env.ts";

test("an unknown id names the nearest known one", () => {
  expect(() => make("CartPol-v1")).toThrow(NameNotFound);
  expect(() => make("cartpole-v1")).toThrow(/did you mean CartPole-v1\?/);
  expect(() => makeBatch("CartPole-v9", 2)).toThrow(VersionNotFound);
  expect(() => make("not an id")).toThrow(GymError);
});

test("unknown or wrong arguments are named, with the nearest known one", () => {
  expect(() => make("CartPole-v1", { suttonBarto: true })).toThrow(/did you mean suttonBartoReward\?/);
  expect(() => make("CartPole-v1", { suttonBartoReward: 1 })).toThrow(
    /CartPole.suttonBartoReward: got 1, expected a boolean/,
  );
});

test("steps before reset, after termination and after truncation throw ResetNeeded", () => {
  const env = make("CartPole-v1", {}, { maxEpisodeSteps: 3 });
  expect(() => env.step(0)).toThrow(ResetNeeded);
  expect(() => env.render()).toThrow(ResetNeeded);
  env.reset({ seed: 0 });
  for (let t = 0; t < 3; t++) env.step(0);
  expect(() => env.step(0)).toThrow(ResetNeeded);
  const longer = make("CartPole-v1");
  longer.reset({ seed: 0 });
  while (!longer.step(0)[2]);
  expect(() => longer.step(0)).toThrow(/has ended/);
});

test("a time limit among the arguments holds in every form of a world; the option goes first, -1 lifts it", () => {
  const limit = { maxEpisodeSteps: 3 };
  for (const id of ["CartPole-v1", "Pendulum-v1", "MinAtar/Breakout-v1"]) {
    expect(make(id, limit).spec).toMatchObject({ maxEpisodeSteps: 3, kwargs: {} });
    expect(make(id, limit, { maxEpisodeSteps: 5 }).spec?.maxEpisodeSteps).toBe(5);
    expect(make(id, { maxEpisodeSteps: -1 }).spec?.maxEpisodeSteps).toBeNull();
    const batch = makeBatch(id, 2, limit);
    const out = createBatchStep(2, batch.singleObservationSpace);
    batch.reset([0, 1], out);
    const actions = id === "Pendulum-v1" ? new Float32Array(2) : new Int32Array(2);
    const ends = [1, 2, 3].map(() => (batch.step(actions, out), [...out.truncated]));
    expect(ends).toEqual([
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  }
  const vec = makeVec("CartPole-v1", 2, limit);
  vec.reset({ seed: 0 });
  const ends = [1, 2, 3].map(() => [...vec.step(Int32Array.of(0, 0))[3]]);
  expect(ends.map((truncated) => truncated.map(Number))).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
  expect(() => make("CartPole-v1", { maxEpisodeSteps: 0 })).toThrow(ValueError);
  expect(() => make("CartPole-v1", { maxEpisodeSteps: "9" })).toThrow(TypeError);
});

test("wrong actions, seeds and limits are refused", () => {
  const env = make("CartPole-v1");
  env.reset({ seed: 0 });
  for (const action of [2, -1, 0.5, NaN, null, undefined, "1", [0]])
    expect(() => env.step(action)).toThrow(InvalidAction);
  for (const seed of [-1, 1.5, NaN, 2 ** 60, -1n, "1" as never]) expect(() => env.reset({ seed })).toThrow(InvalidSeed);
  expect(() => env.reset({ options: { low: 0.2, high: -0.2 } })).toThrow(ValueError);
  expect(() => make("CartPole-v1", {}, { maxEpisodeSteps: 0 })).toThrow(ValueError);
  expect(() => new TimeLimit(env, 1.5)).toThrow(TypeError);
  const vec = makeVec("CartPole-v1", 2);
  expect(() => vec.step(Int32Array.of(0, 0))).toThrow(ResetNeeded);
  vec.reset({ seed: 0 });
  expect(() => vec.step(Int32Array.of(0, 7))).toThrow(/action 7 .*for env 1/);
});

test("`using` closes what make and makeVec give, a bare env of one's own too", () => {
  const closed: string[] = [];
  class Bare extends EchoEnv {
    override close(): void {
      closed.push("bare");
    }
  }
  register({ id: "Disposed-v0", entryPoint: () => new Bare() as unknown as Env, orderEnforce: false });
  {
    using env = make("Disposed-v0", {}, { disableEnvChecker: true });
    expect(unwrapped(env)).toBe(env);
    env.reset();
  }
  expect(closed).toEqual(["bare"]);
  {
    using _wrapped = make("Disposed-v0", {}, { maxEpisodeSteps: 3 });
    using envs = makeVec("Disposed-v0", 2);
    using own = makeVec("CartPole-v1", 2);
    using _around = new VectorClipReward(own, 0, 1);
    expect(own.closed || envs.closed).toBe(false);
  }
  expect(closed).toEqual(["bare", "bare", "bare", "bare"]);
  registry.delete("Disposed-v0");
});

test("the registry prints by namespace, in columns; registerEnvs does nothing", () => {
  const before = [...registry.keys()];
  registerEnvs({});
  expect([...registry.keys()]).toEqual(before);
  const specs = ["Pendulum-v1", "MinAtar/Freeway-v1", "CartPole-v1", "Acrobot-v1"].map((id) => spec(id));
  expect(pprintRegistry({ specs, numCols: 2 })).toBe(
    "===== no namespace =====\nAcrobot-v1         CartPole-v1\nPendulum-v1\n===== MinAtar =====\nMinAtar/Freeway-v1",
  );
  expect(pprintRegistry({ specs, excludeNamespaces: ["MinAtar"] })).not.toContain("MinAtar");
  for (const id of before) expect(pprintRegistry()).toContain(id);
  expect(() => pprintRegistry({ numCols: 0 })).toThrow(ValueError);
});

test("a frozen env of one's own is made as it is", () => {
  register({ id: "Frozen-v0", entryPoint: () => Object.freeze(new EchoEnv()) as unknown as Env, orderEnforce: false });
  expect(Object.isFrozen(make("Frozen-v0", {}, { disableEnvChecker: true }))).toBe(true);
  registry.delete("Frozen-v0");
});
