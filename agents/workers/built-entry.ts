import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../src/errors.ts";

/**
 * The compiled entry of a thread, by its path in agents: Node 20 cannot start a thread from TypeScript, so sources use what was built from
 * them. Throws ConfigError where nothing was built.
 */
export function builtEntry(path: string): URL {
  const beside = new URL(`../${path}`, import.meta.url);
  const built = new URL(`../../dist/agents/${path}`, import.meta.url);
  for (const url of [beside, built]) if (existsSync(fileURLToPath(url))) return url;
  throw new ConfigError("not-built", "workers: the thread entry was not built; run `npm run build`, or use workers 0");
}
