import { deflateSync } from "node:zlib";
import type { Env, Info } from "gymnasium-js";
import type { PlayedEpisode } from "../run/play-episode.ts";
import type { ActorInfo } from "./dataset-metadata.ts";
import type { DatasetWriter, EpisodeNote } from "./dataset-writer.ts";
import { EpisodeBuilder } from "./episode-builder.ts";
import { type RecordedSpace, recordedSpace } from "./space-json.ts";

/** A world by name and arguments, as a dataset remembers it. */
export interface RecordedWorld {
  readonly id: string;
  readonly args: Readonly<Record<string, unknown>>;
}

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
export async function openDataset(path: string, world: RecordedWorld, env: Env): Promise<DatasetWriter> {
  const { DatasetWriter: Writer } = await import("./dataset-writer.ts");
  return Writer.open(path, { env: { id: world.id, args: world.args }, ...spacesOf(env) });
}

/** What is noted about an episode; of `info`, the last one, what the world measured. */
export const noteOf = (
  {
    seed,
    return: total,
    terminated,
    truncated,
    info,
  }: Pick<PlayedEpisode, "seed" | "return" | "terminated" | "truncated"> & Partial<Pick<PlayedEpisode, "info">>,
  actor: ActorInfo,
  policySpec?: unknown,
): EpisodeNote => ({ seed, return: total, terminated, truncated, actor, policySpec, metrics: metricsIn(info) });

/** The finite numbers of `info.metrics`, where worlds put what they measured of an episode; undefined where there are none. */
function metricsIn(info: Info | undefined): Readonly<Record<string, number>> | undefined {
  const metrics = info?.["metrics"];
  if (typeof metrics !== "object" || metrics === null) return undefined;
  const numbers = Object.entries(metrics).filter(([, value]) => Number.isFinite(value));
  return numbers.length === 0 ? undefined : (Object.fromEntries(numbers) as Record<string, number>); // finite, so numbers
}
