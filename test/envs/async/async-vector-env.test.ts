import { pathToFileURL } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import {
  AlreadyPendingCallError,
  AssertionError,
  ClosedEnvironmentError,
  FrameStackObservation,
  InvalidAction,
  make,
  makeVec,
  NameNotFound,
  NoAsyncCallError,
  RuntimeError,
  setWarningHandler,
  TimeoutError,
  ValueError,
  VectorRecordEpisodeStatistics,
  VersionNotFound,
} from "../../../envs/index.ts";
import type { AutoresetMode, VectorEnv } from "../../../envs/index.ts";
import { AsyncVectorEnv, makeAsyncVec } from "../../../envs/node.ts";
import type { AsyncVectorOptions, ThreadEnv } from "../../../envs/node.ts";
import "../../helpers/thread-envs.mjs";

setWarningHandler(() => {});
const imports = [pathToFileURL("test/helpers/thread-envs.mjs")];
const opened: AsyncVectorEnv[] = [];
afterAll(() => {
  for (const env of opened) env.close(0.2);
});
/** Starting threads is what takes time here: one thread unless a test needs more. */
async function open(envs: readonly ThreadEnv[], options: AsyncVectorOptions = {}): Promise<AsyncVectorEnv> {
  const env = await AsyncVectorEnv.create(envs, { imports, numThreads: 1, ...options });
  opened.push(env);
  return env;
}
const faulty = (...faults: string[]): ThreadEnv[] =>
  faults.map((fault) => ({ id: "threads/Faulty-v0", kwargs: { fault } }));
const zeros = (n: number): number[] => Array.from({ length: n }, () => 0);

/** Everything that 40 steps show; in mode Disabled ended copies are reset by mask. */
function trace(env: VectorEnv, mode: AutoresetMode): unknown[] {
  const shown: unknown[] = [env.reset({ seed: 5, options: { tag: "first" } })];
  for (let t = 0; t < 40; t++) {
    const actions = Array.from({ length: env.numEnvs }, (_, i) => Number((t * (i + 2)) % 5 < 3));
    const step = env.step(actions);
    shown.push(step);
    const over = step[2].map((end, i) => end | step[3][i]!);
    if (mode === "Disabled" && over.includes(1)) {
      expect(() => env.step(actions)).toThrow(AssertionError);
      shown.push(env.reset({ options: { resetMask: over } }));
    }
  }
  return shown;
}

describe("the same as SyncVectorEnv, whatever the number of threads", () => {
  test.each([
    ["NextStep", 1],
    ["SameStep", 2],
    ["Disabled", 3],
  ] as const)("%s, %i threads: observations, rewards, flags and infos", async (autoresetMode, numThreads) => {
    const sync = makeVec("threads/Info-v0", 3, {}, { vectorizationMode: "sync", autoresetMode });
    const env = await makeAsyncVec("threads/Info-v0", 3, {}, { autoresetMode, imports, numThreads });
    opened.push(env);
    expect(trace(env, autoresetMode)).toEqual(trace(sync, autoresetMode));
    expect(env.observationSpace.equals(sync.observationSpace)).toBe(true);
    expect(env.actionSpace.equals(sync.actionSpace)).toBe(true);
    expect(env.metadata).toEqual(sync.metadata);
    expect(env.spec).toMatchObject({ id: "threads/Info-v0", kwargs: { numEnvs: 3, vectorizationMode: "async" } });
    expect(env.call("t")).toEqual((sync as VectorEnv & { call(name: string): unknown[] }).call("t"));
    expect(env.render()).toEqual(sync.render());
  });

  test("text in observations, and a module by path", async () => {
    const copies = [{ id: "threads/Text-v0" }, { id: "threads/Text-v0" }];
    const env = await open(copies, { imports: ["test/helpers/thread-envs.mjs"] });
    expect(trace(env, "NextStep")).toEqual(trace(makeVec("threads/Text-v0", 2), "NextStep"));
  });

  test("the wrappers of a spec, and a vector wrapper around", async () => {
    const { spec } = new FrameStackObservation(make("CartPole-v1", {}, { maxEpisodeSteps: 9 }), 3);
    const stacked = new VectorRecordEpisodeStatistics(await open([{ id: spec! }, { id: spec! }], { imports: [] }));
    const sync = new VectorRecordEpisodeStatistics(makeVec(spec!, 2));
    const withoutClock = (shown: unknown[]): string =>
      JSON.stringify(shown, (key, value: unknown) => (key === "t" ? 0 : value));
    expect(withoutClock(trace(stacked, "NextStep"))).toEqual(withoutClock(trace(sync, "NextStep")));
    expect(stacked.returnQueue).toEqual(sync.returnQueue);
    expect(() => stacked.step([0, 5])).toThrow(InvalidAction);
    expect(() => stacked.step([0, 5])).toThrow(/^env 1: /);
  });
});

describe("envs that cannot be made", () => {
  test.each([
    ["one that throws", faulty("none", "make"), {}, RangeError, /^env 1: it cannot be made/],
    [
      "other spaces",
      faulty("none", "none", "space"),
      {},
      RuntimeError,
      /env 2 has observationSpace Box.*but env 0 has/,
    ],
    ["an unknown id", [{ id: "CartPol-v1" }], {}, NameNotFound, /did you mean CartPole-v1/],
    ["an unknown version", [{ id: "CartPole-v9" }], {}, VersionNotFound, /CartPole-v9/],
    ["a missing module", faulty("none"), { imports: ["./no-such.mjs"] }, Error, /no-such/],
    ["no env", [], {}, ValueError, /at least 1/],
    ["no thread", faulty("none"), { numThreads: 0 }, ValueError, /numThreads: got 0/],
    ["no time", faulty("none"), { timeoutSeconds: 0 }, ValueError, /timeoutSeconds: got 0/],
    ["no mode", faulty("none"), { autoresetMode: "Never" as AutoresetMode }, ValueError, /autoresetMode: got "Never"/],
  ])("%s", async (_, envs, options, Class, message) => {
    const error: unknown = await open(envs, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Class);
    expect((error as Error).message).toMatch(message);
  });
});

describe("one vector env through all that can go wrong", { sequential: true }, () => {
  let env: AsyncVectorEnv;
  beforeEach(async () => {
    env ??= await open(faulty("none", "none", "none"), { numThreads: 2, timeoutSeconds: 60 });
    env.setAttr("fault", "none");
    env.reset();
  });

  test("attributes are set and read in every env", () => {
    env.setAttr("fault", ["a", "b", "c"]);
    expect(env.getAttr("fault")).toEqual(["a", "b", "c"]);
    expect(() => env.setAttr("fault", ["a"])).toThrow(ValueError);
    expect(() => env.call("noSuchThing")).toThrow(/env 0: .*noSuchThing/);
  });

  test("what an env throws comes with its index and class, and the vector env goes on", () => {
    env.setAttr("fault", ["none", "none", "error"]);
    expect(() => env.step(zeros(3))).toThrow(TypeError);
    expect(() => env.step(zeros(3))).toThrow("env 2: the wheel came off");
    env.setAttr("fault", "none");
    expect(env.step(zeros(3))[1]).toEqual(Float64Array.of(1, 1, 1));
    expect(() => env.step([0])).toThrow(ValueError);
  });

  test("a class of the env's own is named, with the stack of its thread as the cause", () => {
    env.setAttr("fault", ["odd", "none", "none"]);
    let thrown: unknown;
    try {
      env.step(zeros(3));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RuntimeError);
    expect((thrown as Error).message).toBe("env 0: OddError: very odd");
    expect(((thrown as Error).cause as Error).stack).toContain("thread-envs.mjs");
  });

  test("infos that cannot be copied are refused", () => {
    env.setAttr("fault", ["none", "info", "none"]);
    expect(() => env.reset()).toThrow(/env 1: .*cannot be sent to another thread/);
  });

  test("only one call at a time, waited for by its own name", () => {
    expect(() => env.stepWait()).toThrow(NoAsyncCallError);
    env.resetAsync({ seed: 1 });
    expect(() => env.stepAsync(zeros(3))).toThrow(AlreadyPendingCallError);
    expect(() => env.call("fault")).toThrow(/a reset is under way/);
    expect(() => env.stepWait()).toThrow(NoAsyncCallError);
    env.resetWait();
    expect(() => env.resetWait()).toThrow(NoAsyncCallError);
  });

  test("a timeout names who is late, and the call can be waited for again", () => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    env.setAttr("gate", gate);
    env.setAttr("fault", ["held", "none", "none"]);
    env.stepAsync(zeros(3));
    expect(() => env.stepWait(0.01)).toThrow(TimeoutError);
    expect(() => env.stepWait(0.01)).toThrow(/step: env 0 did not answer within 0.01 s/);
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    expect(env.stepWait()[1]).toEqual(Float64Array.of(1, 1, 1));
  });

  test("close ends a thread that hangs and one that does not close, and may be repeated", () => {
    env.setAttr("fault", ["hang", "close", "none"]);
    env.stepAsync(zeros(3));
    env.close(0.2);
    env.close();
    expect(env.closed).toBe(true);
    for (const call of [() => env.stepWait(), () => env.step(zeros(3)), () => env.reset(), () => env.call("fault")])
      expect(call).toThrow(ClosedEnvironmentError);
    env = undefined as never; // the next test would make a new one
  });
});

describe("a thread that ends by itself is an error, again and again, and close is safe", () => {
  test.each([
    ["exit", /^env 1: the thread ended unexpectedly; close/],
    ["later", /^env 1: the thread ended unexpectedly \(OddError: out of nowhere\)/],
  ])("%s", async (fault, message) => {
    const env = await open(faulty("none", fault), { numThreads: 2 });
    env.reset();
    const run = (): void => {
      for (let t = 0; t < 100; t++) env.step(zeros(2));
    };
    expect(run).toThrow(message);
    expect(() => env.reset()).toThrow(RuntimeError);
    env.close();
  });
});
