import { basename, resolve } from "node:path";
import { ConfigError } from "../../errors.ts";
import type { RunFolder } from "../../run/run-folder.ts";
import { type DatasetSource, openDatasetSource } from "../../server/index.ts";

/** The dataset in a folder, or null where there is none. Throws FormatError where there is a damaged one. */
export async function datasetIn(path: string, title?: string): Promise<DatasetSource | null> {
  return openDatasetSource(path, title).catch((error: unknown) => {
    if (error instanceof ConfigError && error.code === "no-dataset") return null;
    throw error;
  });
}

/** The episodes that a run recorded of its evaluations, or null where it recorded none. */
export function episodesOf(run: RunFolder): Promise<DatasetSource | null> {
  return datasetIn(run.episodesPath, `${basename(resolve(run.path))}, evaluation`);
}
