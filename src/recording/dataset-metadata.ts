import { z } from "zod";

/** Version of what we add to Minari's layout. */
export const datasetVersion = 1;

/** Who acted in an episode. */
export const ActorInfo = z.object({
  /** `policy`, `expert`, `random`, or `import` */
  kind: z.string(),
  /** run folder, expert, or file */
  name: z.string(),
  policySha256: z.string().optional(),
  /** step of the run at which the policy was saved */
  step: z.int().optional(),
});
/** See the schema of the same name. */
export type ActorInfo = z.infer<typeof ActorInfo>;

/** `<DIR>/data/metadata.json`, as Minari wants it; what is ours is under `elegans`. */
export const DatasetMetadata = z.looseObject({
  total_episodes: z.int().nonnegative(),
  total_steps: z.int().nonnegative(),
  data_format: z.string(),
  jpeg_encoding: z.boolean().default(true),
  /** JSON in a string; `Infinity` is written as such */
  observation_space: z.string(),
  action_space: z.string(),
  env_spec: z.string().optional(),
  dataset_id: z.string(),
  algorithm_name: z.string().optional(),
  minari_version: z.string(),
  dataset_size: z.number().optional(),
  elegans: z
    .object({
      version: z.literal(datasetVersion),
      env: z.object({ id: z.string(), args: z.record(z.string(), z.unknown()) }),
    })
    .optional(),
});
/** See the schema of the same name. */
export type DatasetMetadata = z.infer<typeof DatasetMetadata>;

/** `<DIR>/data/<id>/metadata.json`. */
export const EpisodeMetadata = z.looseObject({
  id: z.int().nonnegative(),
  total_steps: z.int().positive(),
  seed: z.number().optional(),
  elegans: z
    .object({
      version: z.literal(datasetVersion),
      program: z.string(),
      return: z.number(),
      terminated: z.boolean(),
      truncated: z.boolean(),
      actor: ActorInfo,
      /** the policy's circuit, to draw it beside the neurons' states */
      policySpec: z.unknown().optional(),
      /** what the world measured of the episode */
      metrics: z.record(z.string(), z.number()).optional(),
      /** of part-0.arrow */
      bytes: z.int(),
      sha256: z.string(),
    })
    .optional(),
});
/** See the schema of the same name. */
export type EpisodeMetadata = z.infer<typeof EpisodeMetadata>;
