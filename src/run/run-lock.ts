import { readFileSync, unlinkSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { temporaryName } from "../checkpoint/atomic-file.ts";
import { ConfigError } from "../errors.ts";

/** Name of the file that says which process trains in a run's folder. */
export const lockName = "run.lock";

/** Who holds a lock. */
const LockHolder = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** when the process started, as the system counts it: process ids are used again; null where that cannot be known */
  processStart: z.string().nullable(),
  since: z.string(),
});
type LockHolder = z.infer<typeof LockHolder>;

/** How long a lock may be unreadable because its process is just writing it. */
const WRITING_MS = 300;

/**
 * Keeps two processes from training in one folder. The lock of a process that no longer runs (killed, or the machine was restarted) is taken
 * over; one from another machine is left alone, since nobody here can tell.
 */
export class RunLock {
  readonly #path: string;
  readonly #release: () => void;

  private constructor(path: string) {
    this.#path = path;
    this.#release = () => {
      if (holds(path)) unlinkSync(path);
    };
    process.on("exit", this.#release);
  }

  /** Takes the lock of a run's folder. Throws ConfigError `run-locked` saying who holds it. */
  static async acquire(folder: string): Promise<RunLock> {
    const path = join(folder, lockName);
    for (;;) {
      if (await create(path)) return new RunLock(path);
      const text = await contentOf(path);
      if (text === null) continue; // released in between
      const holder = parse(text);
      if (holder !== null && isAlive(holder)) throw locked(folder, path, holder);
      await removeStale(path, text);
    }
  }

  /** Gives the lock back. Calling it twice does nothing. */
  async release(): Promise<void> {
    process.off("exit", this.#release);
    if (holds(this.#path)) await rm(this.#path, { force: true });
  }
}

async function create(path: string): Promise<boolean> {
  const own: LockHolder = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    since: new Date().toISOString(),
  };
  try {
    await writeFile(path, `${JSON.stringify(own)}\n`, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** A lock's text, given time to be written; null where there is none any more. */
async function contentOf(path: string): Promise<string | null> {
  for (const isLast of [false, true]) {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null || isLast || parse(text) !== null) return text;
    await wait(WRITING_MS);
  }
  return null;
}

/** Moves a stale lock away before removing it, so that of two processes that find it only one does; a fresh one is put back. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = temporaryName(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return; // another process was faster
    throw error;
  }
  if ((await readFile(aside, "utf8")) === text) await rm(aside, { force: true });
  else await rename(aside, path);
}

function parse(text: string): LockHolder | null {
  try {
    return LockHolder.parse(JSON.parse(text));
  } catch {
    return null; // torn by a crash
  }
}

function holds(path: string): boolean {
  try {
    const holder = parse(readFileSync(path, "utf8"));
    return holder?.pid === process.pid && holder.host === hostname();
  } catch {
    return false;
  }
}

function isAlive({ pid, host, processStart: start }: LockHolder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false; // EPERM: alive, another user's
  }
  return start === null || start === processStart(pid);
}

/** Linux counts clock ticks since boot (field 22 of /proc/PID/stat; the name in field 2 may hold spaces); null elsewhere. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

const locked = (folder: string, path: string, { pid, host, since }: LockHolder): ConfigError =>
  new ConfigError(
    "run-locked",
    `${folder} is being trained in by process ${pid} on ${host} since ${since}; wait for it, or stop it first` +
      (host === hostname() ? "" : ` (if it no longer runs, remove ${path})`),
  );
