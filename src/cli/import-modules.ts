import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EnvError } from "../errors.ts";

/** What `--import` names, so that it means the same from another folder and in worker threads: files become absolute paths. */
export const absoluteImport = (name: string): string => (/^[./]|\.[cm]?[jt]s$/.test(name) ? resolve(name) : name);

/** Loads modules that register environments. Throws EnvError `bad-import` naming the module that does not load. */
export async function importModules(names: readonly string[]): Promise<void> {
  for (const name of names) {
    try {
      await import(isAbsolute(name) ? pathToFileURL(name).href : name);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
      throw new EnvError("bad-import", `--import ${name} does not load: ${why}`, { cause });
    }
  }
}
