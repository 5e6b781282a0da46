import * as z from "zod/mini";

/** One recorded episode as the library lists it. */
export const EpisodeEntry = z.object({
  id: z.int(),
  steps: z.int(),
  return: z.optional(z.number()),
  /** what the world measured of it */
  metrics: z.optional(z.record(z.string(), z.number())),
  seed: z.optional(z.number()),
  ended: z.optional(z.enum(["terminated", "truncated", "cut"])),
  /** who acted */
  actor: z.optional(z.string()),
  /** why it cannot be opened */
  problem: z.optional(z.string()),
});
/** One recorded episode as the library lists it. */
export type EpisodeEntry = z.infer<typeof EpisodeEntry>;

/** Answer of `/api/datasets`. */
export const DatasetList = z.array(
  z.object({
    title: z.string(),
    envId: z.nullable(z.string()),
    envArgs: z.record(z.string(), z.unknown()),
  }),
);
/** Answer of `/api/datasets`. */
export type DatasetList = z.infer<typeof DatasetList>;

/** Answer of `/api/episodes`: some of the episodes of a dataset, by ascending number. */
export const EpisodePage = z.object({
  /** how many there are altogether */
  total: z.int().check(z.nonnegative()),
  episodes: z.array(EpisodeEntry),
});
/** Answer of `/api/episodes`. */
export type EpisodePage = z.infer<typeof EpisodePage>;

/** What the page needs of an episode's metadata. */
export const EpisodeAbout = z.object({
  id: z.int(),
  seed: z.optional(z.number()),
  elegans: z.optional(
    z.object({
      actor: z.object({
        kind: z.string(),
        name: z.string(),
        policySha256: z.optional(z.string()),
        step: z.optional(z.int()),
      }),
      policySpec: z.optional(z.unknown()),
    }),
  ),
});
/** What the page needs of an episode's metadata. */
export type EpisodeAbout = z.infer<typeof EpisodeAbout>;
