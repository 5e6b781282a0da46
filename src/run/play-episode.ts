import type { Env, Info } from "gymnasium-js";
import { EnvError } from "../errors.ts";
import type { PolicyRunner, PolicyStep } from "../policy/policy-runner.ts";
import type { EpisodeBuilder } from "../recording/episode-builder.ts";

/** Steps between snapshots that hold the random streams too, from which an episode can be continued. */
export const fullSnapshotEvery = 64;

/** What an actor sees. */
export interface Sight {
  readonly obs: unknown;
  readonly info: Info;
  /** elapsed time that belongs to `obs`, in nominal control periods */
  readonly elapsed: number;
  readonly env: Env;
}

/** What an actor does. Arrays may be views that its next action overwrites. */
export interface Act {
  readonly action: number | ArrayLike<number>;
  /** what it would rather have done, where its actions are disturbed */
  readonly label?: number | ArrayLike<number>;
  /** a policy's inner life, for the record */
  readonly response: PolicyStep | null;
}

/** Whatever acts in an environment. */
export interface Actor {
  /** Starts an episode. */
  reset(seed: number): void;
  act(sight: Sight): Act;
}

/** How an episode is played. */
export interface PlayOptions {
  readonly breathe: Breathe;
  /** records the episode, snapshots included */
  readonly builder?: EpisodeBuilder | null;
  /** an episode still running after so many steps is cut: truncated there; default: never */
  readonly maxSteps?: number;
}

/** How an episode went. */
export interface PlayedEpisode {
  /** with this seed the env plays the same episode again */
  readonly seed: number;
  readonly return: number;
  readonly length: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** ended by the player's `maxSteps`, not by the world */
  readonly isCut: boolean;
  /** last info, where worlds put their metrics */
  readonly info: Info;
}

/** Lets the event loop run now and then. Told how many steps of the episode are done. */
export type Breathe = (steps: number) => Promise<void> | null;

/**
 * Plays one episode from a seed.
 *
 * Rejects with EnvError `bad-reward` when a reward is not finite, and with what the world throws.
 */
export async function playEpisode(
  env: Env,
  actor: Actor,
  seed: number,
  { breathe, builder = null, maxSteps = Infinity }: PlayOptions,
): Promise<PlayedEpisode> {
  let [obs, info] = env.reset({ seed });
  actor.reset(seed);
  let total = 0;
  for (let length = 1; ; length++) {
    const elapsed = info.elapsedTime ?? 1;
    const { action, label, response } = actor.act({ obs, info, elapsed, env });
    if (builder !== null) {
      const snapshot = env.snapshot({ random: (length - 1) % fullSnapshotEvery === 0 });
      builder.moment({ obs, elapsed, info, snapshot, response });
    }
    const [nextObs, reward, terminated, isOutOfTime, nextInfo] = env.step(action);
    if (!Number.isFinite(reward))
      throw new EnvError("bad-reward", `reward became ${reward} at step ${length} of the episode with seed ${seed}`);
    total += reward;
    const isCut = length >= maxSteps && !terminated && !isOutOfTime;
    const truncated = isOutOfTime || isCut;
    builder?.deed({ action, ...(label === undefined ? {} : { label }), reward, terminated, truncated });
    [obs, info] = [nextObs, nextInfo];
    if (terminated || truncated) {
      const snapshot = builder === null ? null : env.snapshot();
      builder?.moment({ obs, elapsed: info.elapsedTime ?? 1, info, snapshot, response: null });
      return { seed, return: total, length, terminated, truncated, isCut, info };
    }
    const pause = (length & 63) === 0 ? breathe(length) : null;
    if (pause !== null) await pause;
  }
}

const breathMs = 15;

/** Gives way to the event loop every few milliseconds. */
export function breathing(): Breathe {
  let last = performance.now();
  return () => {
    if (performance.now() - last < breathMs) return null;
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now();
        resolve();
      }),
    );
  };
}

/** A policy as an actor. With `drawsFrom`, actions are drawn with the random numbers it gives for an episode; without, they are greedy. */
export function policyActor(policy: PolicyRunner, drawsFrom: ((seed: number) => () => number) | null): Actor {
  let uniform: (() => number) | undefined;
  let buffer = new Float32Array(1);
  const flat = (obs: unknown): Float32Array | Uint8Array => {
    if (obs instanceof Float32Array || obs instanceof Uint8Array) return obs;
    const numbers = typeof obs === "number" ? [obs] : (obs as ArrayLike<number>); // values of Discrete and Box spaces
    if (buffer.length !== numbers.length) buffer = new Float32Array(numbers.length);
    buffer.set(numbers);
    return buffer;
  };
  return {
    reset: (seed) => {
      policy.reset();
      uniform = drawsFrom?.(seed);
    },
    act: ({ obs, elapsed }) => {
      const response = policy.step(flat(obs), elapsed, uniform);
      return { action: response.action, response };
    },
  };
}
