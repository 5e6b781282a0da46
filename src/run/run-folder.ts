import { access, mkdir, readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../checkpoint/atomic-file.ts";
import { CheckpointStore } from "../checkpoint/checkpoint-store.ts";
import { ConfigError, FormatError } from "../errors.ts";
import { whyNothingIn } from "../nearest-folder.ts";
import type { RunInfo } from "./run-info.ts";
import { lockName } from "./run-lock.ts";

/**
 * A run on disk: `run.json`, `config.json`, `metrics.jsonl`, `checkpoints/`, `episodes/`, and `result.json` once it has ended.
 * The files that this class writes are replaced atomically.
 */
export class RunFolder {
  readonly path: string;
  readonly checkpoints: CheckpointStore;

  private constructor(path: string) {
    this.path = path;
    this.checkpoints = new CheckpointStore(join(path, "checkpoints"));
  }

  get metricsPath(): string {
    return join(this.path, "metrics.jsonl");
  }

  get episodesPath(): string {
    return join(this.path, "episodes");
  }

  /** Makes the folder of a new run. Throws ConfigError `run-exists` where one (or anything else) is there already. */
  static async create(path: string, info: RunInfo, config: unknown): Promise<RunFolder> {
    await RunFolder.refuseTaken(path);
    await makeFolder(path);
    const folder = new RunFolder(path);
    await folder.checkpoints.prepare();
    await folder.writeInfo(info);
    await folder.#writeJson("config.json", config);
    return folder;
  }

  /** Throws ConfigError `run-exists` unless `path` is free or an empty folder. */
  static async refuseTaken(path: string): Promise<void> {
    const entries: string[] = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    const existing = entries.filter((name) => name !== lockName);
    if (existing.includes("config.json"))
      throw new ConfigError(
        "run-exists",
        `${path} already holds a run; add --resume to go on with it, or choose another --run`,
      );
    if (existing.length > 0)
      throw new ConfigError("run-exists", `${path} is not empty and no run of ours; choose another folder for --run`);
  }

  /** Makes a folder for a new run under the first free name `<parent>/<name>-<n>`. */
  static async createNumbered(parent: string, name: string, info: RunInfo, config: unknown): Promise<RunFolder> {
    await makeFolder(parent);
    for (let n = await firstFreeNumber(parent, name); ; n++) {
      const path = join(parent, `${name}-${n}`);
      try {
        await mkdir(path); // fails where another process was faster
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
        throw error;
      }
      return RunFolder.create(path, info, config);
    }
  }

  /** Opens an existing run. Throws ConfigError `no-run` where there is none. */
  static async open(path: string): Promise<RunFolder> {
    const isRun = await access(join(path, "config.json")).then(
      () => true,
      () => false,
    );
    if (!isRun)
      throw new ConfigError("no-run", `there is no run in ${path} (${await whyNothingIn(path, "config.json")})`);
    return new RunFolder(path);
  }

  /** `config.json` as it stands; the caller checks it against its schema. */
  readConfig(): Promise<unknown> {
    return this.#readJson("config.json");
  }

  readInfo(): Promise<unknown> {
    return this.#readJson("run.json");
  }

  async writeInfo(info: RunInfo): Promise<void> {
    await this.#writeJson("run.json", info);
  }

  /** The result of a run that has ended; null while it has not. */
  async readResult(): Promise<unknown> {
    try {
      return await this.#readJson("result.json");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  async writeResult(result: unknown): Promise<void> {
    await this.#writeJson("result.json", result);
  }

  async #writeJson(name: string, value: unknown): Promise<void> {
    await writeFileAtomic(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }

  async #readJson(name: string): Promise<unknown> {
    const path = join(this.path, name);
    const text = await readFile(path, "utf8");
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new FormatError("damaged-run", `${path} is not JSON; the run cannot be read`, { cause });
    }
  }
}

/** An env id as part of a file name. */
export const fileNameOf = (envId: string): string => envId.replaceAll(/[^\w.-]+/g, "-");

async function firstFreeNumber(parent: string, name: string): Promise<number> {
  const numbers = (await readdir(parent))
    .filter((entry) => entry.startsWith(`${name}-`))
    .map((entry) => Number(entry.slice(name.length + 1)))
    .filter(Number.isInteger);
  return Math.max(0, ...numbers) + 1;
}
