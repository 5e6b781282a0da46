import { expect, test } from "vitest";
import { make, RandomState } from "../../../envs/index.ts";
import { act } from "../../../envs/minatar/act.ts";
import { type Game, SHARED } from "../../../envs/minatar/game.ts";
import { GameStream } from "../../../envs/minatar/game-stream.ts";
import { GAMES } from "../../../envs/minatar/games.ts";
import { fnv1a } from "../../helpers/fnv1a.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { internals } from "../../helpers/minatar-internals.ts";

const { TERMINAL } = SHARED;

interface Run {
  readonly seed: number;
  readonly sticky: number;
  readonly ramping: boolean;
  readonly n: number;
  readonly actions: string;
  readonly hashes: string;
  readonly rewards: readonly (readonly [step: number, reward: number])[];
  readonly terminals: readonly number[];
  readonly frames: Readonly<Record<string, string>>;
  readonly internals: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly last_action: number;
  readonly rng_probe_rand: number;
  readonly total_reward: number;
}
interface Checksum {
  readonly seed: number;
  readonly policy: string;
  readonly episodes: number;
  readonly sticky: number;
  readonly ramping: boolean;
  readonly steps: number;
  readonly total_return: number;
  readonly fnv1a_of_terminal_frames: string;
  readonly rng_probe_rand: number;
}
interface GymRun {
  readonly action_set: readonly number[];
  readonly action_space: string;
  readonly observation_space: string;
  readonly reset_seed: number;
  readonly "steps [action,reward,terminated,truncated,hash]": readonly (readonly [
    number,
    number,
    boolean,
    boolean,
    string,
  ])[];
  readonly spec_max_episode_steps: number | null;
}
interface GameGolden {
  readonly game: string;
  readonly info?: {
    readonly channels: Readonly<Record<string, number>>;
    readonly state_shape: readonly number[];
    readonly minimal_action_set: readonly number[];
  };
  readonly random?: readonly Run[];
  readonly planned?: readonly Run[];
  readonly checksums?: readonly Checksum[];
  readonly gym?: Readonly<Record<string, GymRun>>;
}

for (const game of GAMES) {
  const file = game.name.replace(/(?<=[a-z])[A-Z]/g, (c) => `_${c}`).toLowerCase();
  describeGolden<GameGolden>(`envs/minatar_${file}.json`, (golden) => makeTests(game, golden));
}

function makeTests(game: Game, { info, random, planned, checksums, gym }: GameGolden): void {
  if (info) {
    test(`${game.name}: channels, shape and minimal actions`, () => {
      expect(game.channels.length).toBe(Object.keys(info.channels).length);
      expect(info.state_shape).toEqual([10, 10, game.channels.length]);
      expect(game.minimalActions).toEqual(info.minimal_action_set);
    });
  }
  for (const [kind, runs] of Object.entries({ random, planned })) {
    for (const run of runs ?? []) {
      const { seed, sticky, ramping, n } = run;
      test(`${game.name}: ${kind} run of ${n} steps, seed ${seed}, sticky ${sticky}, ramping ${ramping}`, () => {
        replay(game, run);
      });
    }
  }
  for (const checksum of checksums ?? []) {
    const { episodes, seed, sticky, ramping } = checksum;
    test(`${game.name}: ${episodes} random episodes, seed ${seed}, sticky ${sticky}, ramping ${ramping}`, () => {
      playEpisodes(game, checksum);
    });
  }
  for (const [version, run] of Object.entries(gym ?? {})) {
    const steps = run["steps [action,reward,terminated,truncated,hash]"].length;
    test(`MinAtar/${game.name}-${version}: spaces, and ${steps} steps from seed ${run.reset_seed}`, () => {
      playRegistered(`MinAtar/${game.name}-${version}`, run);
    });
  }
}

/** Plays a registered world as the golden file did; an ended episode is reset at once. */
function playRegistered(id: string, run: GymRun): void {
  const env = make(id);
  expect(String(env.actionSpace)).toBe(run.action_space);
  expect(String(env.observationSpace)).toBe(run.observation_space);
  expect(env.spec?.maxEpisodeSteps ?? null).toBe(run.spec_max_episode_steps);
  env.reset({ seed: run.reset_seed });
  run["steps [action,reward,terminated,truncated,hash]"].forEach(([action, reward, terminated, truncated, hash], t) => {
    const [obs, ...rest] = env.step(action);
    expect([...rest.slice(0, 3), fnv1a(packBits(obs as Uint8Array))], `step ${t}`).toEqual([
      reward,
      terminated,
      truncated,
      hash,
    ]);
    if (terminated) env.reset();
  });
}

/** Repeats a run and compares every step's hash and, where given, frame and state. */
function replay(game: Game, run: Run): void {
  const random = new GameStream(run.seed);
  const state = new Int32Array(game.stateSize);
  const difficulty = { stickyActionProb: run.sticky, difficultyRamping: run.ramping };
  const rewards: [number, number][] = [];
  const terminals: number[] = [];
  let hashes = "";
  const compare = (step: string): void => {
    if (run.frames[step] !== undefined) expect(hex(packed(game, state)), `frame ${step}`).toBe(run.frames[step]);
    if (run.internals[step] !== undefined) expectInternals(internals(game.name, state), run.internals[step], step);
  };
  game.reset(state, random);
  compare("reset");
  for (let t = 0; t < run.n; t++) {
    const reward = act(game, state, Number(run.actions[t]), difficulty, random);
    if (reward !== 0) rewards.push([t, reward]);
    hashes += fnv1a(packed(game, state));
    compare(String(t));
    if (state[TERMINAL] !== 1) continue;
    terminals.push(t);
    game.reset(state, random);
  }
  expect(hashes).toBe(run.hashes);
  expect(rewards).toEqual(run.rewards);
  expect(terminals).toEqual(run.terminals);
  expect(random.lastAction).toBe(run.last_action);
  expect(rewards.reduce((sum, [, reward]) => sum + reward, 0)).toBe(run.total_reward);
  expect(random.random()).toBe(run.rng_probe_rand);
}

/** Plays whole episodes with the random policy the golden file names. */
function playEpisodes(game: Game, checksum: Checksum): void {
  const offset = /^RandomState\(seed\+(\d+)\)\.randint\(6\) once per step$/.exec(checksum.policy);
  if (!offset) throw new Error(`unknown policy: ${checksum.policy}`);
  const policy = new RandomState(checksum.seed + Number(offset[1]));
  const random = new GameStream(checksum.seed);
  const state = new Int32Array(game.stateSize);
  const difficulty = { stickyActionProb: checksum.sticky, difficultyRamping: checksum.ramping };
  const lastFrames: number[] = [];
  let [steps, total] = [0, 0];
  for (let episode = 0; episode < checksum.episodes; episode++) {
    game.reset(state, random);
    for (; state[TERMINAL] !== 1; steps++) total += act(game, state, policy.randint(6), difficulty, random);
    lastFrames.push(...packed(game, state));
  }
  game.reset(state, random);
  expect({ steps, total }).toEqual({ steps: checksum.steps, total: checksum.total_return });
  expect(fnv1a(Uint8Array.from(lastFrames))).toBe(checksum.fnv1a_of_terminal_frames);
  expect(random.random()).toBe(checksum.rng_probe_rand);
}

/** Attributes of the reference that never change, so that our states do not hold them (Asterix cannot shoot). */
const CONSTANT = new Set(["ramping", "shot_timer"]);

function expectInternals(ours: Record<string, unknown>, golden: Readonly<Record<string, unknown>>, step: string): void {
  const compared = Object.fromEntries(Object.entries(golden).filter(([key]) => key in ours || !CONSTANT.has(key)));
  expect(ours, `state after ${step}`).toEqual(compared);
}

function packed(game: Game, state: Int32Array): Uint8Array {
  const obs = new Uint8Array(100 * game.channels.length);
  game.observe(state, obs, 0);
  return packBits(obs);
}

/** Truth values as numpy's packbits writes them: eight a byte, the first one highest. */
function packBits(obs: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(obs.length / 8));
  for (let i = 0; i < obs.length; i++) bytes[i >> 3]! |= obs[i]! << (7 - (i % 8));
  return bytes;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
