import * as z from "zod/mini";
import { DrivenWorld } from "./demonstration.ts";
import { EpisodeEntry } from "./library.ts";

/** Name of the `meta` element that tells the page of an exported folder where its files are. */
export const SITE_META = "elegans-files";

/** `files/index.json` of an exported folder: what a page without a server can show. Paths are relative to this file. */
export const SiteIndex = z.object({
  format: z.literal("elegans-site"),
  version: z.literal(1),
  /** runs, each with one policy */
  sources: z.array(
    z.object({
      title: z.string(),
      envId: z.string(),
      envArgs: z.record(z.string(), z.unknown()),
      /** file of the policy, and its checksum */
      policy: z.string(),
      sha256: z.string(),
    }),
  ),
  /** episodes of dataset d: `<d>/<id>.arrow`, `<d>/<id>.json` (about it) and `<d>/<id>.layout.json` */
  datasets: z.array(
    z.object({
      title: z.string(),
      envId: z.nullable(z.string()),
      envArgs: z.record(z.string(), z.unknown()),
      episodes: z.array(EpisodeEntry),
    }),
  ),
  worlds: z.array(DrivenWorld),
});
/** See the schema of the same name. */
export type SiteIndex = z.infer<typeof SiteIndex>;
