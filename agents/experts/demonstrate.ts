import { Box, Discrete, type Env, type Info, SeedSequence, defaultRng } from "gymnasium-js";
import { EnvError } from "../../src/errors.ts";
import type { Expert } from "./expert.ts";
import { Perturbation, type PerturbationSettings } from "./perturbation.ts";

/** Keeps the episodes of demonstrations apart from those of evaluations with the same seed. */
const DEMONSTRATION_STREAM = 0xde30;
/** Steps between snapshots that hold the random streams too, from which an episode can be continued. */
const FULL_SNAPSHOT_EVERY = 64;

/** One step of a demonstration: what was seen, what the expert said, what was done, and what came of it. */
export interface DemonstrationStep {
  /** Steps before this one in the episode. */
  readonly index: number;
  /** What the env showed before the step, and the info beside it. */
  readonly obs: unknown;
  readonly info: Info;
  /** Elapsed time that belongs to `obs`, in nominal control periods. */
  readonly elapsed: number;
  /** Snapshot of the env before the step; with the random streams every 64 steps, so that an episode can be continued from there. */
  readonly snapshot: Uint8Array;
  /** The expert's action: the label to learn. */
  readonly action: number | Float32Array;
  /** The action that was played; differs where the demonstration was disturbed. */
  readonly executedAction: number | Float32Array;
  /** What the step gave. */
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** What the env showed after the step; `obs`, `info` and `elapsed` of the next one. */
  readonly nextObs: unknown;
  readonly nextInfo: Info;
  readonly nextElapsed: number;
}

/** How to demonstrate. */
export interface DemonstrationOptions {
  /** decides starts and disturbances */
  readonly seed: number;
  /** number of episodes */
  readonly episodes: number;
  /** how executed actions stray from the expert's; not at all when absent */
  readonly perturbation?: PerturbationSettings;
}

/** One episode and the seed that its env was reset with. `steps` plays it: exhaust it before asking for the next. */
export interface Demonstration {
  /** number of the episode, from 0 */
  readonly episode: number;
  readonly seed: number;
  readonly steps: Iterable<DemonstrationStep>;
}

/**
 * Lets an expert play episodes. Seeds and disturbances depend on `seed` and the episode's number alone, so that episode k is the same
 * however many there are, and no evaluation with the same seed meets the same start. Throws as `demonstrateEpisode` does.
 */
export function* demonstrate(env: Env, expert: Expert, options: DemonstrationOptions): Generator<Demonstration> {
  const seeds = new SeedSequence([options.seed, DEMONSTRATION_STREAM]).generateState(options.episodes);
  for (let episode = 0; episode < options.episodes; episode++) {
    const seed = seeds[episode]!;
    yield { episode, seed, steps: demonstrateEpisode(env, expert, seed, options.perturbation) };
  }
}

/**
 * Plays one episode from a seed, step by step. With `settings`, throws EnvError (`bad-action-space`) where the action space is neither Discrete
 * nor Box; throws what the expert and the env throw, such as EnvError (`wrong-world`).
 */
export function* demonstrateEpisode(
  env: Env,
  expert: Expert,
  seed: number,
  settings?: PerturbationSettings,
): Generator<DemonstrationStep> {
  const perturbation = settings && new Perturbation(settings, defaultRng(new SeedSequence([seed, 1])));
  let [obs, info] = env.reset({ seed });
  for (let index = 0; ; index++) {
    const snapshot = env.snapshot({ random: index % FULL_SNAPSHOT_EVERY === 0 });
    const action = expert.act(env);
    const executedAction = perturbation ? disturb(env, perturbation, action, info) : action;
    const [nextObs, reward, terminated, truncated, nextInfo] = env.step(executedAction);
    yield {
      index,
      obs,
      info,
      elapsed: info.elapsedTime ?? 1,
      snapshot,
      action,
      executedAction,
      reward,
      terminated,
      truncated,
      nextObs,
      nextInfo,
      nextElapsed: nextInfo.elapsedTime ?? 1,
    };
    if (terminated || truncated) return;
    obs = nextObs;
    info = nextInfo;
  }
}

function disturb(
  env: Env,
  perturbation: Perturbation,
  action: number | Float32Array,
  info: Info,
): number | Float32Array {
  const space = env.actionSpace;
  if (space instanceof Discrete && typeof action === "number") {
    return perturbation.discrete(action, space.start, space.n);
  }
  if (space instanceof Box && typeof action !== "number") {
    return perturbation.continuous(action, info, space.low[0]!, space.high[0]!);
  }
  throw new EnvError("bad-action-space", `demonstrate: got ${String(space)}, expected a Discrete or a Box of float32`);
}
