import type { Env } from "gymnasium-js";
import { sha256 } from "../checkpoint/manifest.ts";
import { ConfigError } from "../errors.ts";
import { decodePolicy } from "../policy/saved-policy.ts";
import type { ActorInfo } from "../recording/dataset-metadata.ts";
import type * as Recorder from "../recording/env-episodes.ts";
import type { EpisodeKeeper } from "../run/evaluate-policy.ts";
import type { RunConfig } from "./run-config.ts";

/** What writes episodes, loaded by those who record: it takes a fifth of a second. */
export const loadRecorder = async (): Promise<typeof Recorder> => import("../recording/env-episodes.ts");

/** Keeps the first `count` episodes of an evaluation of a policy in a dataset. */
export function policyKeeper(
  path: string,
  world: RunConfig["env"],
  policy: Uint8Array,
  about: { readonly count: number; readonly name: string; readonly step: number },
): (env: Env) => Promise<EpisodeKeeper | undefined> {
  return async (env) => {
    if (about.count === 0) return undefined;
    const { newEpisode, noteOf, openDataset } = await loadRecorder();
    const writer = await openDataset(path, world, env);
    const { spec } = decodePolicy(policy);
    const actor: ActorInfo = { kind: "policy", name: about.name, step: about.step, policySha256: sha256(policy) };
    return {
      count: about.count,
      begin: () => newEpisode(env),
      end: async (builder, episode) => void (await writer.add(builder.finish(), noteOf(episode, actor, spec))),
    };
  };
}

/** The same, but a world that cannot be recorded is not. */
export function keeperWherePossible(...args: Parameters<typeof policyKeeper>): ReturnType<typeof policyKeeper> {
  const keeper = policyKeeper(...args);
  return (env) =>
    keeper(env).catch((error: unknown) => {
      if (error instanceof ConfigError && error.code === "unrecordable-space") return undefined;
      throw error;
    });
}
