import { describe, expect, test } from "vitest";
import * as gym from "../../../envs/index.ts";
import type { AutoresetMode, Env, Info, SyncVectorEnv, VectorEnv } from "../../../envs/index.ts";
import { float32s, goldenNumber } from "../../helpers/golden-values.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { thrownClasses } from "../../helpers/thrown-classes.ts";

type GoldenInfo = { readonly [key: string]: GoldenEntry };
type GoldenEntry =
  | { readonly dict: GoldenInfo }
  | { readonly dtype: string; readonly data: unknown[]; readonly kinds?: (string | null)[] };
interface Reset {
  readonly obs_f32: number[][];
  readonly info: GoldenInfo;
}
interface Run {
  readonly mode: AutoresetMode;
  readonly seed: number;
  readonly num_envs: number;
  readonly max_episode_steps: number;
  readonly info_env: boolean;
  readonly reset: Reset;
  readonly steps: {
    readonly a: number[];
    readonly obs_f32: number[][];
    readonly r: number[];
    readonly term: boolean[];
    readonly trunc: boolean[];
    readonly info?: GoldenInfo;
    readonly manual_reset?: Reset & { readonly mask: boolean[] };
  }[];
}
interface StatisticsRun {
  readonly mode: AutoresetMode;
  readonly seed: number;
  readonly steps: {
    readonly a: number[];
    readonly r: number[];
    readonly done: boolean[];
    readonly episode_r: number[] | null;
    readonly episode_l: number[] | null;
    readonly _episode: boolean[] | null;
  }[];
  readonly return_queue: number[];
  readonly length_queue: number[];
  readonly episode_count: number;
}
interface Misc {
  readonly seed_list_5_None_9?: { readonly obs_f32_env0: number[]; readonly obs_f32_env2: number[] };
  readonly action_space_seed123_samples?: number[][];
  readonly repr?: string;
  readonly errors?: [what: string, error: string, message: string][];
}

/** The env of the golden file's info runs: CartPole with diagnostics of every kind. */
class InfoEnv extends gym.Wrapper<Float32Array, number> {
  #resets = 0;
  #t = 0;
  override reset(options?: gym.ResetOptions): [Float32Array, Info] {
    this.#t = 0;
    return [this.env.reset(options)[0], { resets: ++this.#resets }];
  }
  override step(action: number): [Float32Array, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated] = this.env.step(action);
    const t = ++this.#t;
    const info = {
      t,
      x: obs[0],
      right: action === 1,
      ...(t % 3 === 0 ? { vec: Int32Array.of(t, -t) } : {}),
      ...(t % 4 === 0 ? { tag: `t${t}` } : {}),
      nested: t % 2 === 0 ? { theta: obs[2] } : { odd: t },
    };
    return [obs, reward, terminated, truncated, info];
  }
}

/** A batched info in the golden file's form: every entry as nested lists of numbers. */
function plain(info: unknown): unknown {
  if (ArrayBuffer.isView(info)) return Array.from(info as unknown as ArrayLike<number>);
  if (Array.isArray(info)) return info.map((value) => (value === null ? null : plain(value)));
  if (typeof info === "object" && info !== null) {
    return Object.fromEntries(Object.entries(info).map(([key, value]) => [key, plain(value)]));
  }
  return info;
}

function expectedInfo(info: GoldenInfo): unknown {
  return Object.fromEntries(Object.entries(info).map(([key, entry]) => [key, expectedEntry(entry)]));
}

function expectedEntry(entry: GoldenEntry): unknown {
  if ("dict" in entry) return expectedInfo(entry.dict);
  if (entry.dtype !== "object")
    return (entry.data.flat() as (number | string | boolean)[]).map((v) => goldenNumber(Number(v)));
  return entry.data.map((value, i) => {
    if (value === null) return null;
    return entry.kinds?.[i] === "ndarray/float32" ? Array.from(float32s(value as number[])) : value;
  });
}

function checkRun(run: Run): void {
  const options = { maxEpisodeSteps: run.max_episode_steps };
  const makeOne = (): Env => {
    const env = gym.make("CartPole-v1", {}, options);
    return run.info_env ? (new InfoEnv(env as Env<Float32Array, number>) as Env) : env;
  };
  const env = new gym.SyncVectorEnv(
    Array.from({ length: run.num_envs }, () => makeOne),
    { autoresetMode: run.mode },
  );
  const [obs, info] = env.reset({ seed: run.seed });
  expect(obs).toEqual(float32s(run.reset.obs_f32.flat()));
  expect(plain(info)).toEqual(expectedInfo(run.reset.info));
  for (const want of run.steps) {
    const [next, rewards, terminated, truncated, stepInfo] = env.step(Int32Array.from(want.a));
    expect(next).toEqual(float32s(want.obs_f32.flat()));
    expect([Array.from(rewards), Array.from(terminated), Array.from(truncated)]).toEqual([
      want.r,
      want.term.map(Number),
      want.trunc.map(Number),
    ]);
    if (want.info) expect(plain(stepInfo)).toEqual(expectedInfo(want.info));
    if (want.manual_reset) {
      const [after, resetInfo] = env.reset({ options: { resetMask: want.manual_reset.mask } });
      expect(after).toEqual(float32s(want.manual_reset.obs_f32.flat()));
      expect(plain(resetInfo)).toEqual(expectedInfo(want.manual_reset.info));
    }
  }
}

function checkStatistics(run: StatisticsRun, maxEpisodeSteps: number): void {
  const numEnvs = run.steps[0]!.a.length;
  const inner = gym.makeVec(
    "CartPole-v1",
    numEnvs,
    {},
    { vectorizationMode: "sync", autoresetMode: run.mode, maxEpisodeSteps },
  );
  const env = new gym.VectorRecordEpisodeStatistics(inner);
  env.reset({ seed: run.seed });
  for (const want of run.steps) {
    const [, rewards, terminated, truncated, info] = env.step(Int32Array.from(want.a));
    const done = Array.from(terminated, (flag, i) => flag === 1 || truncated[i] === 1);
    expect([Array.from(rewards), done]).toEqual([want.r, want.done]);
    const episode = info["episode"] as { r: Float64Array; l: Float64Array } | undefined;
    expect(episode ? [Array.from(episode.r), Array.from(episode.l)] : [null, null]).toEqual([
      want.episode_r,
      want.episode_l,
    ]);
    expect(plain(info["_episode"] ?? null)).toEqual(want._episode?.map(Number) ?? null);
    if (run.mode === "Disabled" && done.includes(true)) env.reset({ options: { resetMask: done } });
  }
  expect([env.returnQueue, env.lengthQueue, env.episodeCount]).toEqual([
    run.return_queue,
    run.length_queue,
    run.episode_count,
  ]);
}

function three(autoresetMode: AutoresetMode = "NextStep"): SyncVectorEnv {
  return new gym.SyncVectorEnv(
    Array.from({ length: 3 }, () => () => gym.make("CartPole-v1")),
    { autoresetMode },
  );
}

function started(env: VectorEnv = three()): VectorEnv {
  env.reset({ seed: 0 });
  return env;
}

/** What the file says throws, as code; what is left out has no counterpart in JavaScript. */
const mistakes: Record<string, () => unknown> = {
  "reset seed list wrong length": () => three().reset({ seed: [1, 2] }),
  "set_attr wrong length": () => three().setAttr("length", [1]),
  "reset_mask not array": () => three().reset({ options: { resetMask: [1, 0, 0] } }),
  "reset_mask wrong shape": () => three().reset({ options: { resetMask: Uint8Array.of(1) } }),
  "reset_mask wrong dtype": () => three().reset({ options: { resetMask: Int32Array.of(1, 0, 0) } }),
  "reset_mask all false": () => three().reset({ options: { resetMask: Uint8Array.of(0, 0, 0) } }),
  "step with too few actions": () => started().step(Int32Array.of(0, 1)),
  "autoreset_mode bad string": () => three("nope" as never),
  "different spaces": () => new gym.SyncVectorEnv([() => gym.make("CartPole-v1"), () => gym.make("CartPoleNoVel-v1")]),
  "DISABLED: step after done without reset": () => {
    const env = started(three("Disabled"));
    for (let t = 0; t < 500; t++) env.step(Int32Array.of(1, 1, 1));
  },
  "make_vec vector_entry_point + wrappers": () => gym.makeVec("CartPole-v1", 2, {}, { wrappers: [(env) => env] }),
  "make_vec bad mode": () => gym.makeVec("CartPole-v1", 2, {}, { vectorizationMode: "threads" as never }),
};

interface VectorGolden {
  readonly runs?: Run[];
  readonly info_runs?: Run[];
  readonly record_episode_statistics?: StatisticsRun[];
  readonly misc?: Misc;
}

describeGolden<VectorGolden>(
  "envs/cartpole_vector.json",
  ({ runs = [], info_runs = [], record_episode_statistics = [], misc = {} }) => {
    for (const run of [...runs, ...info_runs]) {
      test(`${run.mode}, seed ${run.seed}, ${run.num_envs} envs${run.info_env ? ", with infos" : ""}`, () =>
        checkRun(run));
    }
    // The time limit of these runs is not in the file: the longest episode shows it.
    const limit = Math.max(...record_episode_statistics.flatMap((run) => run.length_queue));
    for (const run of record_episode_statistics) {
      test(`episode statistics, ${run.mode}, seed ${run.seed}`, () => checkStatistics(run, limit));
    }
    describe.runIf(Object.keys(misc).length > 0)("misc", () => {
      const list = misc.seed_list_5_None_9;
      if (list) {
        test("a list of seeds with gaps", () => {
          const [obs] = three().reset({ seed: [5, null, 9] });
          expect((obs as Float32Array).subarray(0, 4)).toEqual(float32s(list.obs_f32_env0));
          expect((obs as Float32Array).subarray(8)).toEqual(float32s(list.obs_f32_env2));
        });
      }
      const samples = misc.action_space_seed123_samples;
      if (samples) {
        test("the batched action space samples as numpy does", () => {
          const { actionSpace } = three();
          actionSpace.seed(123);
          expect(samples.map(() => Array.from(actionSpace.sample() as Int32Array))).toEqual(samples);
        });
      }
      for (const [what, error] of misc.errors ?? []) {
        const mistake = mistakes[what];
        if (mistake) test(`${what}: ${error}`, () => expect(thrownClasses(mistake)).toContain(error));
        else test.skip(`${what} (no counterpart)`, () => {});
      }
    });
  },
);
