import { readFileSync, unlinkSync } from "node:fs";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
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
/** Taking over a stale lock is a matter of milliseconds: whoever has not finished by now was killed. */
const TAKE_OVER_MS = 10_000;

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

/** A file's text; null where there is none. */
const textOf = (path: string): Promise<string | null> =>
  readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });

/** A lock's text, given time to be written; null where there is none any more. */
async function contentOf(path: string): Promise<string | null> {
  for (const isLast of [false, true]) {
    const text = await textOf(path);
    if (text === null || isLast || parse(text) !== null) return text;
    await wait(WRITING_MS);
  }
  return null;
}

/**
 * Removes a lock that was found stale, unless somebody else already did. Only who holds the take-over file may: of two processes that read the
 * same stale lock, the slower one would otherwise remove the fresh lock of the faster one.
 */
async function removeStale(path: string, text: string): Promise<void> {
  const takeOver = `${path}.take-over`;
  if (!(await create(takeOver))) return giveTime(takeOver);
  try {
    if ((await textOf(path)) === text) await rm(path, { force: true });
  } finally {
    await rm(takeOver, { force: true });
  }
}

/** Waits for another process to take over; what it left there when it was killed doing so is removed. */
async function giveTime(takeOver: string): Promise<void> {
  await wait(5);
  const found = await stat(takeOver).catch(() => null);
  if (found !== null && Date.now() - found.mtimeMs > TAKE_OVER_MS) await rm(takeOver, { force: true });
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
