import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../../src/errors.ts";
import { packageRoot } from "../../src/package-root.ts";

/**
 * The compiled entry of a thread, by its path in agents: Node 20 cannot start a thread from TypeScript, so sources use what was built from
 * them. Throws ConfigError where nothing was built.
 */
export function builtEntry(path: string): URL {
  const built = new URL(`dist/agents/${path}`, packageRoot);
  if (existsSync(fileURLToPath(built))) return built;
  throw new ConfigError("not-built", "workers: the thread entry was not built; run `npm run build`, or use workers 0");
}
