import type { CheckpointChoice } from "../../checkpoint/checkpoint-store.ts";
import { makeFolder } from "../../checkpoint/atomic-file.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { ConfigError } from "../../errors.ts";
import { RunFolder, fileNameOf } from "../../run/run-folder.ts";
import { RunInfo, collectRunInfo } from "../../run/run-info.ts";
import { RunLock } from "../../run/run-lock.ts";
import { type ConfigRequest, type RunConfig, resolveConfig, resumedConfig } from "../run-config.ts";

/** Which run to train, and how. */
export interface OpenRequest extends ConfigRequest {
  /** folder of the run; absent: the next free `runs/<env>-<n>` */
  readonly run?: string | undefined;
  readonly resume: boolean;
  /** where to take a run up again */
  readonly checkpoint: CheckpointChoice;
  /** arguments of the command, for `run.json` */
  readonly command: readonly string[];
}

/** A run that is ready to train. */
export interface OpenRun {
  readonly folder: RunFolder;
  readonly config: RunConfig;
  /** where to go on; null at the start */
  readonly checkpoint: Checkpoint | null;
  /** keeps other processes out while this one trains; to be released */
  readonly lock: RunLock;
}

/** A run on disk, before anything is done with it. */
export type ExistingRun = Pick<OpenRun, "folder" | "config">;

/** Settings of a run that is to start. Reads, but writes nothing. Throws ConfigError, also where `--run` is taken. */
export async function newConfig(request: OpenRequest): Promise<RunConfig> {
  const config = await resolveConfig(request);
  if (request.run !== undefined) await RunFolder.refuseTaken(request.run);
  return config;
}

/** Makes the folder of a run that starts. Throws ConfigError where it is taken, also by a process that starts at the same time. */
export async function createRun(request: OpenRequest, config: RunConfig): Promise<OpenRun> {
  const info = await collectRunInfo(request.command);
  if (request.run === undefined) {
    const folder = await RunFolder.createNumbered("runs", fileNameOf(config.env.id), info, config);
    return { folder, config, checkpoint: null, lock: await RunLock.acquire(folder.path) };
  }
  await makeFolder(request.run);
  const lock = await RunLock.acquire(request.run);
  try {
    return { folder: await RunFolder.create(request.run, info, config), config, checkpoint: null, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Opens the run that `--resume` names. Throws ConfigError where there is nothing to resume or settings differ. */
export async function existingRun(request: OpenRequest): Promise<ExistingRun> {
  if (request.run === undefined)
    throw new ConfigError("no-run", "--resume needs --run DIR: the folder of the run that is to go on");
  const folder = await RunFolder.open(request.run).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.code, `nothing to resume: ${error.message}; leave out --resume to start a run there`);
  });
  return { folder, config: await resumedConfig(await folder.readConfig(), folder.path, request) };
}

/**
 * Reads the checkpoint to go on from, and notes in `run.json` that the run was taken up again. Throws ConfigError `run-locked` while
 * another process trains there.
 */
export async function resumeRun(existing: ExistingRun, choice: CheckpointChoice): Promise<OpenRun> {
  const lock = await RunLock.acquire(existing.folder.path);
  try {
    return { ...existing, checkpoint: await takeUp(existing.folder, choice), lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function takeUp(folder: RunFolder, choice: CheckpointChoice): Promise<Checkpoint> {
  const checkpoint = await folder.checkpoints.load(choice);
  await folder.checkpoints.prepare();
  const info = RunInfo.safeParse(await folder.readInfo());
  if (info.success)
    await folder.writeInfo({ ...info.data, resumedAt: [...info.data.resumedAt, new Date().toISOString()] });
  return checkpoint;
}
