import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { closestMatch } from "gymnasium-js";

/**
 * Why a folder holds nothing, to go into brackets: it lacks the file that it should have, or is not there, and then perhaps another one with
 * nearly its name is meant.
 */
export async function whyNothingIn(path: string, missingFile: string): Promise<string> {
  const isThere = await stat(path).catch(() => null);
  if (isThere !== null) return `${missingFile} is missing`;
  const name = closestMatch(basename(path), await foldersIn(dirname(path)));
  return name === null ? "no such folder" : `no such folder; did you mean ${join(dirname(path), name)}?`;
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
