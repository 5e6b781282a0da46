import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Leftovers of killed writers start with this, in any folder of ours. Readers skip them. */
export const temporaryPrefix = ".tmp-";

let counter = 0;

/** A name beside `path` that no other writer uses. */
export const temporaryName = (path: string): string =>
  join(dirname(path), `${temporaryPrefix}${basename(path)}-${process.pid}-${counter++}`);

/**
 * Replaces a file in one step: readers, and whoever comes after a crash, see the old content or the new one, never a part.
 *
 * Rejects with the system's error (no space, no permission, …) and leaves the old file and nothing else.
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await writeSynced(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Makes a folder and those above it; nothing happens where it exists. (Node's own recursive form never returns where the system
 * answers a new folder with ENOENT, as under /proc.)
 */
export async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );
  if (made === null || (made.code === "EEXIST" && (await isFolder(path)))) return;
  if (made.code !== "ENOENT" || dirname(path) === path) throw made;
  await makeFolder(dirname(path));
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST" || !(await isFolder(path))) throw error; // another process may be faster
  });
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** Writes a new file and waits until the disk has it. Rejects where the file exists. */
export async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the disk has the names in a folder; does nothing where folders cannot be synced (Windows). */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Makes a folder with the given files appear at `path` in one step, replacing a folder that is there.
 *
 * Rejects with the system's error and leaves what was there before.
 */
export async function writeFolderAtomic(path: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await makeFolder(temporary);
    for (const [name, content] of files) await writeSynced(join(temporary, name), content);
    await syncFolder(temporary);
    await replaceFolder(temporary, path);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Moves a folder onto another name. A folder already there is gone afterwards. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const old = temporaryName(to);
  const hadOne = await rename(to, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await rename(from, to);
  } catch (error) {
    if (hadOne) await rename(old, to);
    throw error;
  }
  if (hadOne) await rm(old, { recursive: true, force: true });
}

/** Removes a folder so that a kill in between leaves it whole or gone (under a temporary name), never half. */
export async function removeFolder(path: string): Promise<void> {
  const trash = temporaryName(path);
  await rename(path, trash);
  await rm(trash, { recursive: true, force: true });
}
