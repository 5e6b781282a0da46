import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, FormatError } from "../errors.ts";
import { makeFolder, removeFolder, temporaryPrefix, writeFileAtomic } from "./atomic-file.ts";
import { type Checkpoint, readCheckpoint, readCheckpointPolicy, writeCheckpoint } from "./checkpoint.ts";

/** Which checkpoint of a run: the newest, the best by evaluation, or the one at a step. */
export type CheckpointChoice = "latest" | "best" | number;

/** The checkpoints of one run: `<step>/` folders, and the small files `latest` and `best` that hold a step each. */
export class CheckpointStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder and removes what killed writers left behind. */
  async prepare(): Promise<void> {
    await makeFolder(this.folder);
    for (const name of await readdir(this.folder))
      if (name.startsWith(temporaryPrefix)) await rm(join(this.folder, name), { recursive: true, force: true });
  }

  /** Path of the checkpoint at a step, whether or not it exists. */
  pathOf(step: number): string {
    return join(this.folder, String(step));
  }

  /** Steps that have a checkpoint folder, ascending. They may be damaged. */
  async steps(): Promise<number[]> {
    const names = await readdir(this.folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    return names
      .filter((name) => /^(0|[1-9]\d*)$/.test(name))
      .map(Number)
      .toSorted((a, b) => a - b);
  }

  /** Step that a pointer file holds; null where there is none or it points nowhere. */
  async pointer(which: "latest" | "best"): Promise<number | null> {
    const text = await readFile(join(this.folder, which), "utf8").catch(() => "");
    const step = /^\d+\n$/.test(text) ? Number(text) : null;
    return step !== null && (await this.steps()).includes(step) ? step : null;
  }

  /** Saves a checkpoint, moves `latest` (and `best`) to it, and removes all but the newest `keep` and the best. */
  async save(checkpoint: Checkpoint, { isBest, keep }: { isBest: boolean; keep: number }): Promise<string> {
    const path = this.pathOf(checkpoint.step);
    await writeCheckpoint(path, checkpoint);
    await writeFileAtomic(join(this.folder, "latest"), `${checkpoint.step}\n`);
    if (isBest) await writeFileAtomic(join(this.folder, "best"), `${checkpoint.step}\n`);
    await this.#rotate(checkpoint.step, keep);
    return path;
  }

  async #rotate(latest: number, keep: number): Promise<void> {
    const best = await this.pointer("best");
    const older = (await this.steps()).filter((step) => step < latest);
    const numKept = Math.max(0, keep - 1);
    for (const step of older.slice(0, Math.max(0, older.length - numKept)))
      if (step !== best) await removeFolder(this.pathOf(step));
  }

  /**
   * The step that a choice stands for. `best` falls back to `latest` where nothing was evaluated yet; a lost or stale pointer falls back
   * to the newest folder.
   *
   * Throws ConfigError `no-checkpoint` naming the steps there are.
   */
  async resolve(choice: CheckpointChoice): Promise<number> {
    const steps = await this.steps();
    const newest = steps.at(-1);
    if (newest === undefined) throw new ConfigError("no-checkpoint", `there is no checkpoint in ${this.folder}`);
    if (typeof choice === "number") {
      if (steps.includes(choice)) return choice;
      throw new ConfigError(
        "no-checkpoint",
        `no checkpoint ${choice} in ${this.folder}; there are ${steps.join(", ")}`,
      );
    }
    return (await this.pointer(choice)) ?? (await this.pointer("latest")) ?? newest;
  }

  /** The chosen checkpoint, checked byte for byte. A damaged one is refused by name, and the newest good one before it is offered. */
  async load(choice: CheckpointChoice): Promise<Checkpoint> {
    return this.#offeringPrevious(await this.resolve(choice), readCheckpoint);
  }

  /** Only the policy of the chosen checkpoint, checked likewise. */
  async loadPolicy(choice: CheckpointChoice): Promise<{ step: number; policy: Uint8Array }> {
    return this.#offeringPrevious(await this.resolve(choice), readCheckpointPolicy);
  }

  async #offeringPrevious<T>(step: number, read: (folder: string) => Promise<T>): Promise<T> {
    try {
      return await read(this.pathOf(step));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const other = await this.#newestGood(step);
      const offer = other === null ? "; no other checkpoint is readable" : `; --checkpoint ${other} is good`;
      throw new FormatError(error.code, `${error.message}${offer}`, { cause: error });
    }
  }

  /** Newest readable checkpoint other than `damaged`, earlier ones preferred. */
  async #newestGood(damaged: number): Promise<number | null> {
    const steps = (await this.steps()).toReversed();
    for (const step of [...steps.filter((s) => s < damaged), ...steps.filter((s) => s > damaged)])
      if (
        await readCheckpoint(this.pathOf(step)).then(
          () => true,
          () => false,
        )
      )
        return step;
    return null;
  }
}
