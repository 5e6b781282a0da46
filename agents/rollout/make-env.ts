import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { type BatchEnv, makeBatch } from "gymnasium-js";
import { EnvError } from "../../src/errors.ts";

/** Which environment a run trains on, as it is stored in the run's config. */
export interface EnvChoice {
  /** such as `CartPole-v1` */
  readonly id: string;
  /** arguments of the environment, as `make` takes them */
  readonly args: Readonly<Record<string, unknown>>;
  /** modules that register environments: absolute paths or package names */
  readonly imports: readonly string[];
}

/** Loads the modules that an environment choice names, in this thread. Throws EnvError for one that does not load. */
export async function importEnvModules({ imports }: EnvChoice): Promise<void> {
  for (const name of imports)
    try {
      await import(isAbsolute(name) ? pathToFileURL(name).href : name);
    } catch (cause) {
      throw new EnvError("import-failed", `env.imports: ${name} does not load: ${(cause as Error).message}`, { cause });
    }
}

/** Environments of a choice whose modules are loaded. */
export const makeEnvs = ({ id, args }: EnvChoice, numEnvs: number): BatchEnv => makeBatch(id, numEnvs, args);
