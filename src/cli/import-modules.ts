import { resolve } from "node:path";
import { importEnvModules } from "../../agents/rollout/make-env.ts";

/** What `--import` names, so that it means the same from another folder and in worker threads: files become absolute paths. */
export const absoluteImport = (name: string): string => (/^[./]|\.[cm]?[jt]s$/.test(name) ? resolve(name) : name);

/** Loads modules that register environments. Throws EnvError naming the module that does not load. */
export const importModules = (imports: readonly string[]): Promise<void> =>
  importEnvModules({ id: "", args: {}, imports });
