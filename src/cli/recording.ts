import { deflateSync } from "node:zlib";
import type { Env } from "gymnasium-js";
import { sha256 } from "../checkpoint/manifest.ts";
import { ConfigError } from "../errors.ts";
import { decodePolicy } from "../policy/saved-policy.ts";
import type { ActorInfo } from "../recording/dataset-metadata.ts";
import type { DatasetWriter, EpisodeNote } from "../recording/dataset-writer.ts";
import { EpisodeBuilder } from "../recording/episode-builder.ts";
import { type RecordedSpace, recordedSpace } from "../recording/space-json.ts";
import type { EpisodeKeeper } from "../run/evaluate-policy.ts";
import type { PlayedEpisode } from "../run/play-episode.ts";
import type { RunConfig } from "./run-config.ts";

const compress = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 1 });

/** The spaces of a world, if episodes of it can be recorded. Throws ConfigError `unrecordable-space`. */
export function spacesOf(env: Env): { observationSpace: RecordedSpace; actionSpace: RecordedSpace } {
  return {
    observationSpace: recordedSpace(env.observationSpace, "observations"),
    actionSpace: recordedSpace(env.actionSpace, "actions"),
  };
}

/** An empty episode of a world. */
export function newEpisode(env: Env): EpisodeBuilder {
  const { observationSpace, actionSpace } = spacesOf(env);
  return new EpisodeBuilder(observationSpace, actionSpace, compress);
}

/** A dataset of a world, new or to append to. Arrow is loaded only now: it takes a while. */
export async function openDataset(path: string, world: RunConfig["env"], env: Env): Promise<DatasetWriter> {
  const { DatasetWriter: Writer } = await import("../recording/dataset-writer.ts");
  return Writer.open(path, { env: { id: world.id, args: world.args }, ...spacesOf(env) });
}

/** What is noted about an episode. */
export const noteOf = (
  { seed, return: total, terminated, truncated }: Omit<PlayedEpisode, "info" | "length">,
  actor: ActorInfo,
  policySpec?: unknown,
): EpisodeNote => ({ seed, return: total, terminated, truncated, actor, policySpec });

/** Keeps the first `count` episodes of an evaluation of a policy in a dataset. */
export function policyKeeper(
  path: string,
  world: RunConfig["env"],
  policy: Uint8Array,
  about: { readonly count: number; readonly name: string; readonly step: number },
): (env: Env) => Promise<EpisodeKeeper | undefined> {
  return async (env) => {
    if (about.count === 0) return undefined;
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
