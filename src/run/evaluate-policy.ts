import { type Env, type Info, SeedSequence, defaultRng } from "gymnasium-js";
import type { PolicyRunner } from "../policy/policy-runner.ts";
import type { EpisodeBuilder } from "../recording/episode-builder.ts";
import { type PlayedEpisode, breathing, playEpisode, policyActor } from "./play-episode.ts";
import { type Summary, summarize } from "./summary.ts";

/** What an evaluation found. */
export interface Evaluation {
  readonly episodes: readonly PlayedEpisode[];
  readonly return: Summary;
  readonly length: Summary;
  readonly stepsPerSecond: number;
}

/** Keeps episodes of an evaluation. */
export interface EpisodeKeeper {
  /** how many of the first episodes are kept */
  readonly count: number;
  /** an empty builder for the next one */
  begin(): EpisodeBuilder;
  end(builder: EpisodeBuilder, episode: PlayedEpisode): Promise<void>;
}

/** How to evaluate. */
export interface EvaluationOptions {
  readonly episodes: number;
  /** decides the episodes' seeds and, for a stochastic policy, its draws */
  readonly seed: number | SeedSequence;
  readonly stochastic?: boolean;
  readonly keeper?: EpisodeKeeper | undefined;
  /** longer episodes are cut there, because a policy that never fails may play for ever; default: never */
  readonly maxEpisodeSteps?: number | null;
  /** told now and then how far it is: whole episodes, and steps of the one that is being played */
  readonly onProgress?: ((episodes: number, steps: number) => void) | undefined;
}

/** Seeds of the episodes of an evaluation, one uint32 each. The first k do not depend on how many there are. */
export const episodeSeeds = (seed: number | SeedSequence, episodes: number): readonly number[] => [
  ...(typeof seed === "number" ? new SeedSequence(seed) : seed).generateState(episodes),
];

/**
 * Plays whole episodes and sums them up. Every episode starts from its own seed, so that the result does not depend on what was played
 * before. Lets the event loop run every few milliseconds. Rejects with EnvError `bad-reward` when a reward is not finite.
 */
export async function evaluatePolicy(policy: PolicyRunner, env: Env, options: EvaluationOptions): Promise<Evaluation> {
  const startedAt = performance.now();
  const draws = (seed: number): (() => number) => {
    const rng = defaultRng(new SeedSequence([seed, 1]));
    return () => rng.random();
  };
  const actor = policyActor(policy, options.stochastic ? draws : null);
  const pause = breathing();
  const maxSteps = options.maxEpisodeSteps ?? Infinity;
  const episodes: PlayedEpisode[] = [];
  for (const [i, seed] of episodeSeeds(options.seed, options.episodes).entries()) {
    const keeper = options.keeper !== undefined && i < options.keeper.count ? options.keeper : null;
    const builder = keeper?.begin() ?? null;
    const breathe = (steps: number): ReturnType<typeof pause> => {
      options.onProgress?.(i, steps);
      return pause(steps);
    };
    const episode = await playEpisode(env, actor, seed, { breathe, builder, maxSteps });
    if (keeper !== null && builder !== null) await keeper.end(builder, episode);
    episodes.push(episode);
    options.onProgress?.(episodes.length, 0);
  }
  const length = summarize(episodes.map((e) => e.length));
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    episodes,
    return: summarize(episodes.map((e) => e.return)),
    length,
    stepsPerSecond: (length.mean * episodes.length) / seconds,
  };
}

/** How many episodes were cut because they went on for too long. */
export const numCut = ({ episodes }: Evaluation): number => episodes.filter((episode) => episode.isCut).length;

/** Last infos of the episodes, where worlds put their metrics. */
export const lastInfos = ({ episodes }: Evaluation): readonly Info[] => episodes.map((episode) => episode.info);
