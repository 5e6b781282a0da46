import { make } from "gymnasium-js";
import { sha256 } from "../../src/checkpoint/manifest.ts";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import type { EpisodeTable } from "../../src/recording/column.ts";
import type { ActorInfo } from "../../src/recording/dataset-metadata.ts";
import type { EpisodeNote } from "../../src/recording/dataset-writer.ts";
import { newEpisode, noteOf } from "../../src/recording/env-episodes.ts";
import { type Actor, type Breathe, playEpisode } from "../../src/run/play-episode.ts";
import { findExpert } from "../experts/experts.ts";
import { expertActor } from "../experts/expert-actor.ts";
import { DEFAULT_PERTURBATION } from "../experts/perturbation.ts";
import { type EnvChoice, importEnvModules } from "../rollout/make-env.ts";
import { mixtureActor } from "./mixture-actor.ts";

/** What is played in one round, and by whom. */
export interface CollectionJob {
  readonly env: EnvChoice;
  readonly expert: string;
  readonly round: number;
  /** policy file of the learner; null: the expert acts alone, disturbed */
  readonly policy: Uint8Array | null;
  /** share of steps in which the expert acts */
  readonly share: number;
}

/** A collected episode with what is noted about it. */
export interface CollectedEpisode {
  readonly table: EpisodeTable;
  readonly note: EpisodeNote;
}

/** Plays one episode per seed; each depends on the job and its seed alone. Rejects with what the world or the expert throws. */
export async function* collectEpisodes(
  job: CollectionJob,
  seeds: readonly number[],
  breathe: Breathe,
): AsyncGenerator<CollectedEpisode> {
  await importEnvModules(job.env);
  const env = make(job.env.id, job.env.args);
  const { actor, info, policySpec } = performer(job);
  try {
    for (const seed of seeds) {
      const builder = newEpisode(env);
      const episode = await playEpisode(env, actor, seed, { breathe, builder });
      yield { table: builder.finish(), note: noteOf(episode, info, policySpec) };
    }
  } finally {
    env.close();
  }
}

function performer({ env, expert: name, policy, share, round }: CollectionJob): {
  readonly actor: Actor;
  readonly info: ActorInfo;
  readonly policySpec?: unknown;
} {
  const expert = findExpert(name, env.id);
  if (policy === null)
    return {
      actor: expertActor(expert, DEFAULT_PERTURBATION),
      info: { kind: "expert", name: `${name}, round ${round}` },
    };
  const saved = decodePolicy(policy);
  return {
    actor: mixtureActor(expert, createPolicyRunner(saved), share),
    info: { kind: "policy", name: `with ${name}, round ${round}`, policySha256: sha256(policy) },
    policySpec: saved.spec,
  };
}
