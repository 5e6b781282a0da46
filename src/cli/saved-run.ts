import type { CheckpointChoice } from "../checkpoint/checkpoint-store.ts";
import { sha256 } from "../checkpoint/manifest.ts";
import { FormatError } from "../errors.ts";
import { RunFolder } from "../run/run-folder.ts";
import { RunConfig } from "./run-config.ts";

/** A policy out of a run, with the world it was trained in. */
export interface RunPolicy {
  readonly config: RunConfig;
  readonly folder: RunFolder;
  readonly step: number;
  readonly policy: Uint8Array;
  readonly policySha256: string;
}

/** The settings of a run. Throws FormatError `damaged-run` where they cannot be read. */
export async function readRunConfig(folder: RunFolder): Promise<RunConfig> {
  const parsed = RunConfig.safeParse(await folder.readConfig());
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FormatError(
    "damaged-run",
    `${folder.path}/config.json: ${issue?.path.join(".")}: ${issue?.message}; it was changed, or written by another version`,
  );
}

/** Opens a run and reads the chosen policy of it, checked. Throws ConfigError or FormatError saying what is wrong. */
export async function readRunPolicy(path: string, choice: CheckpointChoice): Promise<RunPolicy> {
  const folder = await RunFolder.open(path);
  const config = await readRunConfig(folder);
  const { step, policy } = await folder.checkpoints.loadPolicy(choice);
  return { config, folder, step, policy, policySha256: sha256(policy) };
}
