import { describe, expect, test } from "vitest";
import { cartPole, defaultRng, make, makeVec, spec as specOf, WorldEnv } from "../../../envs/index.ts";
import type { CartPoleState, Env, Generator, Outcome } from "../../../envs/index.ts";
import { camelKeys, float32s, goldenNumber } from "../../helpers/golden-values.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { thrownClasses } from "../../helpers/thrown-classes.ts";

type Row = [number, number, number, number];
interface Episode {
  readonly seed: number;
  readonly integrator: string;
  readonly kind: string;
  readonly make_kwargs?: Record<string, unknown>;
  readonly reset_kwargs?: { readonly options?: Record<string, unknown> };
  readonly actions: string;
  readonly obs_f32: number[][];
  readonly state_f64: Row[];
  readonly rewards: number[] | { readonly all: number };
  readonly terminated_steps: number[];
  readonly truncated_steps: number[];
  readonly next_reset_obs_f32: number[];
  readonly next_reset_state_f64: Row;
  readonly next_next_reset_state_f64: Row;
  readonly rng_probe_random: number;
}
interface VectorRun {
  readonly seed: number;
  readonly num_envs: number;
  readonly max_episode_steps: number;
  readonly reset_obs_f32: number[][];
  readonly steps: { a: number[]; obs_f32: number[][]; r: number[]; term: boolean[]; trunc: boolean[] }[];
}
interface CartPoleGolden {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly errors?: [what: string, outcome: string, message: string][];
  readonly constants?: Record<string, unknown>;
  readonly one_step?: { readonly rows: [Row, number, number, Row, boolean][] };
  readonly episodes?: Episode[];
  readonly vector_entry_point?: VectorRun[];
}

const stateOf = ([x, xDot, theta, thetaDot]: Row): CartPoleState => ({ x, xDot, theta, thetaDot, hasEnded: false });
const rowOf = ({ x, xDot, theta, thetaDot }: CartPoleState): Row => [x, xDot, theta, thetaDot];

/** Doubles within 1e-15 relative, and the same float32 up to that. */
function expectRow(actual: Row, expected: Row): void {
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(value)));
  }
}

describeGolden<CartPoleGolden>("envs/cartpole.json", (golden) => {
  if (golden.spec) {
    const { "str(make)": layers, entry_point: _, vector_entry_point: vector, ...fields } = golden.spec;
    test("the registered spec is that of the reference", () => {
      const id = fields["id"] as string;
      expect(specOf(id)).toMatchObject(camelKeys(fields));
      expect(specOf(id).vectorEntryPoint !== null).toBe(vector !== null);
      expect(String(make(id))).toBe(layers);
    });
  }
  for (const [what, outcome] of golden.errors ?? []) {
    const act = wrongCall(what);
    if (act === null) test.skip(`${what} (no render modes here)`, () => {});
    else test(`${what}: ${outcome}`, () => expect(thrownClasses(act)).toContain(outcome));
  }
  if (golden.constants) {
    const { constants } = golden;
    test("spaces and limits are those of the reference", () => {
      const { observationSpace, actionSpace, metadata } = cartPole();
      expect([...observationSpace.low]).toEqual([...float32s(constants["obs_low_f32"] as number[])]);
      expect([...observationSpace.high]).toEqual([...float32s(constants["obs_high_f32"] as number[])]);
      expect(String(actionSpace)).toBe(constants["action_space"]);
      expect(metadata.renderFps).toBe((constants["metadata"] as { render_fps: number }).render_fps);
      const justInside = stateOf([
        constants["x_threshold"] as number,
        0,
        constants["theta_threshold_radians"] as number,
        0,
      ]);
      expect(stepState(justInside, 0, "euler").terminated).toBe(false); // without speed the position stays exactly on the limit
    });
  }
  if (golden.one_step) {
    const { rows } = golden.one_step;
    test(`${rows.length} single steps agree to 1e-15`, () => {
      for (const [state, action, integrator, next, terminated] of rows) {
        const got = stepState(stateOf(state), action, integrator === 0 ? "euler" : "semi-implicit euler");
        expectRow(got.row, next);
        expect(got.terminated).toBe(terminated);
      }
    });
  }
  for (const episode of golden.episodes ?? []) {
    const label = `${episode.kind} episode, seed ${episode.seed}, ${episode.integrator} ${JSON.stringify(episode.make_kwargs ?? {})}`;
    describe(label, () => checkEpisode(episode));
  }
  for (const run of golden.vector_entry_point ?? []) {
    test(`vector form, seed ${run.seed}, ${run.num_envs} envs`, () => checkVector(run));
  }
});

/** A line of the file's errors as a call; null for what this package does not have. */
function wrongCall(what: string): (() => unknown) | null {
  const [, kind, text] = /^(invalid action|reset seed=|reset low=) ?(.*)$/.exec(what) ?? [];
  const value = text === "None" ? null : /^'.*'$/.test(text ?? "") ? text!.slice(1, -1) : Number(text);
  const running = (): Env => {
    const env = make("CartPole-v1");
    env.reset({ seed: 0 });
    return env;
  };
  if (what === "step before reset (raw env)") return () => new WorldEnv(cartPole()).step(0);
  if (what === "step before reset (gym.make)") return () => make("CartPole-v1").step(0);
  // 0.0 is 0 in JavaScript: a float that is none in both is taken.
  if (kind === "invalid action") return () => running().step(/^\d+\.0$/.test(text!) ? 0.5 : value);
  if (kind === "reset seed=") return () => running().reset({ seed: value as number });
  if (kind === "reset low=") return () => running().reset({ options: { low: value } });
  if (what === "reset low>high") return () => running().reset({ options: { low: 0.2, high: -0.2 } });
  if (what === "reset low only") return () => running().reset({ options: { low: -0.01 } });
  return null;
}

function stepState(state: CartPoleState, action: number, kinematicsIntegrator: string): Outcome & { row: Row } {
  const outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };
  cartPole({ kinematicsIntegrator }).step(state, Int32Array.of(action), 0, defaultRng(0), outcome);
  return { ...outcome, row: rowOf(state) };
}

function checkEpisode(episode: Episode): void {
  const { maxEpisodeSteps, ...worldKwargs } = camelKeys(episode.make_kwargs ?? {});
  const kwargs = { ...worldKwargs, kinematicsIntegrator: episode.integrator };
  const options = maxEpisodeSteps === undefined ? {} : { maxEpisodeSteps: maxEpisodeSteps as number };
  const resetOptions = { seed: episode.seed, ...episode.reset_kwargs };
  const rewards = Array.isArray(episode.rewards)
    ? episode.rewards
    : Array.from(episode.actions, () => (episode.rewards as { all: number }).all);
  const flags = (t: number): [boolean, boolean] => [
    episode.terminated_steps.includes(t),
    episode.truncated_steps.includes(t),
  ];

  test("each step from the stored state gives the stored reward and flags, state to 1e-15", () => {
    const env = new WorldEnv(cartPole(kwargs));
    env.reset(resetOptions);
    for (const [t, action] of Array.from(episode.actions, Number).entries()) {
      const hasEnded = episode.terminated_steps.some((end) => end < t);
      env.state = { ...stateOf(episode.state_f64[t]!), hasEnded };
      const [, reward, terminated] = env.step(action);
      expectRow(rowOf(env.state), episode.state_f64[t + 1]!);
      expect([reward, terminated]).toEqual([rewards[t], flags(t)[0]]);
    }
  });

  // Steps after the end are the bare world's affair: through `make` they throw.
  const end = Math.min(...episode.terminated_steps, ...episode.truncated_steps, Infinity);
  const isFree = episode.kind === "random"; // long balanced runs are unstable: one bit grows to order one
  test("reset states are exact, and a run through make agrees", () => {
    const env = make("CartPole-v1", kwargs, options);
    const [first] = env.reset(resetOptions);
    expect(first).toEqual(float32s(episode.obs_f32[0]!));
    for (const [t, action] of Array.from(episode.actions, Number).entries()) {
      if (t > end) break;
      const [obs, reward, terminated, truncated] = env.step(action);
      if (isFree) expect(obs).toEqual(float32s(episode.obs_f32[t + 1]!));
      expect([reward, terminated, truncated]).toEqual([rewards[t], ...flags(t)]);
    }
    const [again] = env.reset();
    expect(again).toEqual(float32s(episode.next_reset_obs_f32));
    const world = innermost(env);
    expect(rowOf(world.state!)).toEqual(episode.next_reset_state_f64);
    env.reset();
    expect(rowOf(world.state!)).toEqual(episode.next_next_reset_state_f64);
    expect(world.random.random()).toBe(episode.rng_probe_random);
    expect(world.randomSeed).toBe(BigInt(episode.seed));
  });
}

function innermost(env: Env): WorldEnv<CartPoleState, Generator> {
  let inner = env as Env & { env?: Env };
  while (inner.env) inner = inner.env;
  return inner as unknown as WorldEnv<CartPoleState, Generator>; // CartPole is such a world
}

function checkVector(run: VectorRun): void {
  const env = makeVec("CartPole-v1", run.num_envs, {}, { maxEpisodeSteps: run.max_episode_steps });
  const [first] = env.reset({ seed: run.seed });
  expect(first).toEqual(float32s(run.reset_obs_f32.flat()));
  for (const want of run.steps) {
    const [obs, rewards, terminated, truncated] = env.step(Int32Array.from(want.a));
    expect(obs).toEqual(float32s(want.obs_f32.flat()));
    expect([...rewards]).toEqual(want.r.map(goldenNumber));
    expect([...terminated]).toEqual(want.term.map(Number));
    expect([...truncated]).toEqual(want.trunc.map(Number));
  }
}
