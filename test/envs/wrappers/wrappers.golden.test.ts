import { expect, test } from "vitest";
import * as gym from "../../../envs/index.ts";
import type { Env } from "../../../envs/index.ts";
import { EchoEnv, PictureEnv } from "../../helpers/echo-env.ts";
import { camelKeys, goldenNumber } from "../../helpers/golden-values.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { pythonValue } from "../../helpers/python-call.ts";

type Obs = number | { readonly dtype: string; readonly data: (number | string)[] } | { readonly [key: string]: Obs };
interface Run {
  readonly wrapper: string;
  readonly reset: { readonly obs: Obs; readonly info: Record<string, unknown> };
  readonly steps: {
    readonly a: number | number[];
    readonly obs: Obs;
    readonly r: number;
    readonly term: boolean;
    readonly trunc: boolean;
    readonly info: Record<string, unknown>;
    readonly then_reset_obs?: Obs;
  }[];
  readonly post?: Record<string, unknown>;
}

type Args = readonly unknown[];
type Named = Readonly<Record<string, unknown>>;
const any = (env: Env): never => env as never; // the table below makes wrappers of many types from text

/** How each wrapper of the file is made from its Python arguments. */
const wrappers: Record<string, (env: Env, args: Args, named: Named) => unknown> = {
  RecordEpisodeStatistics: (env) => new gym.RecordEpisodeStatistics(env),
  Autoreset: (env) => new gym.Autoreset(env),
  NormalizeObservation: (env) => new gym.NormalizeObservation(any(env)),
  NormalizeReward: (env, _, { gamma }) => new gym.NormalizeReward(env, gamma as number | undefined),
  ClipReward: (env, [low, high]) => new gym.ClipReward(env, low as number, high as number),
  TransformReward: (env, [text]) => new gym.TransformReward(env, linear(text as string)),
  TransformAction: (env, [text]) =>
    new gym.TransformAction(env, (a) => (a as Float32Array).map(linear(text as string))),
  FrameStackObservation: (env, [n], { padding_type }) =>
    new gym.FrameStackObservation(env, n as number, unquote(padding_type)),
  DelayObservation: (env, [n]) => new gym.DelayObservation(env, n as number),
  TimeAwareObservation: (env, _, named) => new gym.TimeAwareObservation(env, camelKeys(named)),
  MaxAndSkipObservation: (env, _, { skip }) => new gym.MaxAndSkipObservation(env, skip as number),
  RepeatAction: (env, [n]) => new gym.RepeatAction(env, n as number),
  StickyAction: (env, [p, duration]) =>
    new gym.StickyAction(env, p as number, duration as [number, number] | undefined),
  ClipAction: (env) => new gym.ClipAction(any(env)),
  RescaleAction: (env, [low, high]) => new gym.RescaleAction(any(env), low as number, high as number),
  RescaleObservation: (env, [low, high]) => new gym.RescaleObservation(env, low as number, high as number),
  DiscretizeAction: (env, [bins]) => new gym.DiscretizeAction(any(env), bins as number[]),
  DiscretizeObservation: (env, [bins]) => new gym.DiscretizeObservation(env, bins as number),
  GrayscaleObservation: (env, _, { keep_dim }) => new gym.GrayscaleObservation(env, keep_dim as boolean | undefined),
  ReshapeObservation: (env, [shape]) => new gym.ReshapeObservation(env, shape as number[]),
  FlattenObservation: (env) => new gym.FlattenObservation(env),
  DtypeObservation: (env, [dtype]) => new gym.DtypeObservation(env, dtype as gym.DType),
  FilterObservation: (env, [keys]) =>
    new gym.FilterObservation(
      env,
      (keys as string[]).map((key) => unquote(key) as string),
    ),
};

/** `r->2r+1` or `a->-a` as a function. */
function linear(text: string): (x: number) => number {
  const [, minus, factor, , offset] = /->(-?)([\d.]*)([a-z])([+-][\d.]+)?$/.exec(text)!;
  const slope = (minus === "-" ? -1 : 1) * (factor === "" ? 1 : Number(factor));
  return (x) => slope * x + Number(offset ?? 0);
}

function unquote(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^'|'$/g, "") : value;
}

function splitArguments(text: string): string[] {
  return text.match(/(?:[^,([]|\([^)]*\)|\[[^\]]*\])+/g)!.map((part) => part.trim());
}

function parseArgument(text: string): unknown {
  return pythonValue(text.startsWith("(") ? `[${text.slice(1, -1)}]` : text);
}

/** The env inside, and the arguments left for the wrapper. The file does not write the time limit of every run: it is where truncation shows. */
function makeRun(run: Run): Env {
  const [, name, inner] = /^(\w+)\((.*)\)$/.exec(run.wrapper)!;
  const [base, ...parts] = splitArguments(inner!);
  const named: Record<string, unknown> = {};
  const args: unknown[] = [];
  for (const part of parts) {
    const pair = /^(\w+)=(.*)$/.exec(part);
    if (pair) named[pair[1]!] = parseArgument(pair[2]!);
    else args.push(parseArgument(part));
  }
  const cut = run.steps.findIndex((step) => step.trunc);
  const limit = (named["max_episode_steps"] as number | undefined) ?? (cut < 0 ? undefined : cut + 1);
  return wrappers[name!]!(makeBase(base!, limit), args, named) as Env;
}

function makeBase(base: string, maxEpisodeSteps: number | undefined): Env {
  if (base === "Echo") return new EchoEnv() as unknown as Env; // an env of typed actions stands for any
  if (base === "Img") return new PictureEnv() as unknown as Env;
  const cartPole = gym.make("CartPole-v1", {}, maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps });
  const nested = /^TimeAware\((.*)\)$/.exec(base);
  return nested ? new gym.TimeAwareObservation(cartPole, { flatten: !/flatten=False/.test(nested[1]!) }) : cartPole;
}

function plain(obs: unknown): unknown {
  if (ArrayBuffer.isView(obs)) return Array.from(obs as unknown as ArrayLike<number>);
  if (typeof obs !== "object" || obs === null) return obs;
  return Object.fromEntries(Object.entries(obs).map(([key, value]) => [key, plain(value)]));
}

function expected(obs: Obs): unknown {
  if (typeof obs === "number") return obs;
  if (!Array.isArray(obs["data"]))
    return Object.fromEntries(Object.entries(obs).map(([key, value]) => [key, expected(value as Obs)]));
  const isFloat32 = obs["dtype"] === "float32";
  return (obs["data"] as (number | string)[]).map((value) =>
    isFloat32 ? Math.fround(goldenNumber(value)) : goldenNumber(value),
  );
}

/** The seed is not in the file: the small one whose first observations fit (those of a delay are zeros for every seed). */
function findSeed(run: Run): number {
  const first = JSON.stringify(expected(run.reset.obs));
  const end = run.steps.findIndex(({ term, trunc }) => term || trunc);
  for (let seed = 0; seed < 1000; seed++) {
    const env = makeRun(run);
    if (JSON.stringify(plain(env.reset({ seed })[0])) !== first) continue;
    const isSame = run.steps.slice(0, end < 0 ? 5 : Math.min(5, end + 1)).every(({ a, obs }) => {
      const action = Array.isArray(a) ? Float32Array.from(a) : a;
      return JSON.stringify(plain(env.step(action)[0])) === JSON.stringify(expected(obs));
    });
    if (isSame) return seed;
  }
  throw new Error(`${run.wrapper}: no seed below 1000 gives the first observations`);
}

function expectClose(actual: number, value: number): void {
  expect(Math.abs(actual - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
}

function checkPost(env: Env, post: Record<string, unknown>): void {
  for (const [key, want] of Object.entries(camelKeys(post))) {
    const owner = (key in env ? env : (env as unknown as { rms: object }).rms) as Record<string, unknown>;
    const got = owner[key];
    if (typeof want === "number" && ArrayBuffer.isView(got)) expectClose((got as Float64Array)[0]!, want);
    else if (typeof want === "number") expectClose(got as number, want);
    else if (Array.isArray(want)) expect(got).toEqual(want);
    else expect(plain(got)).toEqual(expected(want as Obs));
  }
}

describeGolden<{ runs?: Run[] }>("envs/wrappers.json", ({ runs = [] }) => {
  for (const run of runs) {
    const name = /^\w+/.exec(run.wrapper)![0];
    if (!(name in wrappers)) {
      test.skip(`${run.wrapper} (not part of this package)`, () => {});
      continue;
    }
    test(run.wrapper, () => {
      const seed = findSeed(run);
      const env = makeRun(run);
      const [first] = env.reset({ seed });
      expect(plain(first)).toEqual(expected(run.reset.obs));
      expect(env.observationSpace.contains(first)).toBe(true);
      for (const want of run.steps) {
        const action = Array.isArray(want.a) ? Float32Array.from(want.a) : want.a;
        const [obs, reward, terminated, truncated, info] = env.step(action);
        expect(plain(obs)).toEqual(expected(want.obs));
        expectClose(reward, want.r);
        expect([terminated, truncated]).toEqual([want.term, want.trunc]);
        expect(info).toMatchObject(want.info);
        if (want.then_reset_obs !== undefined) expect(plain(env.reset()[0])).toEqual(expected(want.then_reset_obs));
      }
      if (run.post) checkPost(env, run.post);
    });
  }
});
