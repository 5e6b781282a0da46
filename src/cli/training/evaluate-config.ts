import type { SeedSequence } from "gymnasium-js";
import { createPolicyRunner } from "../../policy/create-policy-runner.ts";
import { decodePolicy } from "../../policy/saved-policy.ts";
import { type Evaluation, evaluatePolicy } from "../../run/evaluate-policy.ts";
import { makeWorld } from "../make-world.ts";
import type { RunConfig } from "../run-config.ts";

/** Which episodes to play, and how. */
export interface EvaluationRequest {
  readonly episodes: number;
  readonly seed: number | SeedSequence;
  readonly stochastic?: boolean;
  readonly signal?: AbortSignal;
}

/** Plays a policy in a freshly made world. Rejects with EnvError, FormatError or what the world throws. */
export async function evaluateInWorld(
  world: RunConfig["env"],
  policy: Uint8Array,
  request: EvaluationRequest,
): Promise<Evaluation> {
  const env = makeWorld(world.id, world.args);
  try {
    return await evaluatePolicy(createPolicyRunner(decodePolicy(policy)), env, request);
  } finally {
    env.close();
  }
}
