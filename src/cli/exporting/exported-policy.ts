import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { CheckpointChoice } from "../../checkpoint/checkpoint-store.ts";
import { sha256 } from "../../checkpoint/manifest.ts";
import { ConfigError, FormatError } from "../../errors.ts";
import { decodePolicy, type SavedPolicy } from "../../policy/saved-policy.ts";
import { readRunPolicy } from "../saved-run.ts";

/** A policy to export, and where it comes from. */
export interface ExportedPolicy {
  readonly saved: SavedPolicy;
  readonly policySha256: string;
  /** the world it was trained in; null for a bare policy file */
  readonly env: string | null;
  /** environment steps of training; null for a bare policy file */
  readonly step: number | null;
  /** name of the run's folder or of the file */
  readonly name: string;
}

/** Reads the chosen policy of a run, or a policy file. Throws ConfigError or FormatError naming the path. */
export async function readExportedPolicy(path: string, choice: CheckpointChoice): Promise<ExportedPolicy> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new ConfigError("no-run", `${path} does not exist; expected the folder of a run or a policy file`);
  if (found.isFile()) return readPolicyFile(path);
  const { policy, policySha256, config, step, folder } = await readRunPolicy(path, choice);
  return { saved: decodePolicy(policy), policySha256, env: config.env.id, step, name: basename(folder.path) };
}

async function readPolicyFile(path: string): Promise<ExportedPolicy> {
  const bytes = await readFile(path);
  try {
    return { saved: decodePolicy(bytes), policySha256: sha256(bytes), env: null, step: null, name: basename(path) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}
