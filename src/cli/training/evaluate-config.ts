import type { Env, SeedSequence } from "gymnasium-js";
import { createPolicyRunner } from "../../policy/create-policy-runner.ts";
import { decodePolicy } from "../../policy/saved-policy.ts";
import { type EpisodeKeeper, type Evaluation, evaluatePolicy } from "../../run/evaluate-policy.ts";
import { makeWorld } from "../make-world.ts";
import type { RunConfig } from "../run-config.ts";

/** Which episodes to play, and how. */
export interface EvaluationRequest {
  readonly episodes: number;
  readonly seed: number | SeedSequence;
  readonly stochastic?: boolean;
  /** longer episodes are cut there; null: never */
  readonly maxEpisodeSteps: number | null;
  readonly onProgress?: ((episodes: number, steps: number) => void) | undefined;
  /** keeps episodes of the env it is given */
  readonly keeper?: (env: Env) => Promise<EpisodeKeeper | undefined>;
}

/** Plays a policy in a freshly made world. Rejects with EnvError, FormatError or what the world throws. */
export async function evaluateInWorld(
  world: RunConfig["env"],
  policy: Uint8Array,
  { keeper, ...request }: EvaluationRequest,
): Promise<Evaluation> {
  const env = makeWorld(world.id, world.args);
  try {
    const options = { ...request, keeper: await keeper?.(env) };
    return await evaluatePolicy(createPolicyRunner(decodePolicy(policy)), env, options);
  } finally {
    env.close();
  }
}
