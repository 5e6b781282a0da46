import { type BatchEnv, type BatchStep, type Generator, SeedSequence, defaultRng } from "gymnasium-js";
import { EnvError } from "../errors.ts";
import type { PolicyRunner } from "../policy/policy-runner.ts";
import { type Summary, summarize } from "./summary.ts";

/** One episode of an evaluation. */
export interface EpisodeResult {
  /** with this seed the env plays the same episode again */
  readonly seed: number;
  readonly return: number;
  readonly length: number;
  /** ended by a time limit rather than by the task */
  readonly truncated: boolean;
}

/** What an evaluation found. */
export interface Evaluation {
  readonly episodes: readonly EpisodeResult[];
  readonly return: Summary;
  readonly length: Summary;
  readonly stepsPerSecond: number;
}

/** How to evaluate. */
export interface EvaluationOptions {
  readonly episodes: number;
  /** decides the episodes' seeds and, for a stochastic policy, its draws */
  readonly seed: number | SeedSequence;
  readonly stochastic?: boolean;
  readonly signal?: AbortSignal;
}

const yieldMs = 15;

/** Seeds of the episodes of an evaluation, one uint32 each. The first k do not depend on how many there are. */
export const episodeSeeds = (seed: number | SeedSequence, episodes: number): readonly number[] => [
  ...(typeof seed === "number" ? new SeedSequence(seed) : seed).generateState(episodes),
];

/**
 * Plays whole episodes and sums them up. `env` must hold one environment (`numEnvs` = 1); every episode starts from its own seed, so that
 * the result does not depend on what was played before.
 *
 * Lets the event loop run every few milliseconds. Rejects with EnvError `bad-reward` when a reward is not finite.
 */
export async function evaluatePolicy(
  policy: PolicyRunner,
  env: BatchEnv,
  options: EvaluationOptions,
): Promise<Evaluation> {
  const startedAt = performance.now();
  const seeds = episodeSeeds(options.seed, options.episodes);
  const player = new EpisodePlayer(policy, env);
  const episodes: EpisodeResult[] = [];
  for (const seed of seeds) {
    options.signal?.throwIfAborted();
    episodes.push(await player.play(seed, options.stochastic ? defaultRng(new SeedSequence([seed, 1])) : null));
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

class EpisodePlayer {
  readonly #policy: PolicyRunner;
  readonly #env: BatchEnv;
  readonly #out: BatchStep;
  readonly #discrete = new Int32Array(1);
  #yieldedMs = performance.now();

  constructor(policy: PolicyRunner, env: BatchEnv) {
    this.#policy = policy;
    this.#env = env;
    this.#out = allocateBatchStep(env);
  }

  async play(seed: number, rng: Generator | null): Promise<EpisodeResult> {
    const out = this.#out;
    const uniform = rng === null ? undefined : (): number => rng.random();
    this.#env.reset([seed], out);
    this.#policy.reset();
    let total = 0;
    for (let length = 1; ; length++) {
      const { action } = this.#policy.step(out.obs, out.elapsed[0]!, uniform);
      this.#env.step(this.#batched(action), out);
      const reward = out.reward[0]!;
      if (!Number.isFinite(reward))
        throw new EnvError("bad-reward", `reward became ${reward} at step ${length} of the episode with seed ${seed}`);
      total += reward;
      if (out.terminated[0] || out.truncated[0])
        return { seed, return: total, length, truncated: out.terminated[0] === 0 };
      if ((length & 63) === 0 && performance.now() - this.#yieldedMs > yieldMs) await this.#yield();
    }
  }

  #batched(action: number | Float32Array): Int32Array | Float32Array {
    if (typeof action !== "number") return action;
    this.#discrete[0] = action;
    return this.#discrete;
  }

  async #yield(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#yieldedMs = performance.now();
  }
}

/** Arrays that a batched env writes its steps into. */
export function allocateBatchStep(env: BatchEnv): BatchStep {
  const N = env.numEnvs;
  const space = env.singleObservationSpace;
  const D = (space.shape ?? []).reduce((a, b) => a * b, 1);
  const isBytes = "dtype" in space && space.dtype === "uint8";
  const obsArray = (): BatchStep["obs"] => (isBytes ? new Uint8Array(N * D) : new Float32Array(N * D));
  return {
    obs: obsArray(),
    reward: new Float32Array(N),
    terminated: new Uint8Array(N),
    truncated: new Uint8Array(N),
    elapsed: new Float32Array(N).fill(1),
    finalObs: obsArray(),
    finalElapsed: new Float32Array(N),
  };
}
