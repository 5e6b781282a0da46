// Makes the packages' JavaScript from the sources: what belongs together in one file, since every start of the program and of each training
// thread loads all of it, and a file costs half a millisecond. What all entries of a package share is there once, so that an error's class is
// the same wherever it comes from. Types are the compiler's work.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = [
  { from: "envs", to: "envs/dist", chunks: "chunks", entries: ["index", "node", "async/env-worker"] },
  {
    from: "",
    to: "dist",
    chunks: "src/chunks",
    entries: ["src/index", "agents/index", "src/ncp/index", "src/interop/index", "src/tfjs/index", "src/cli/main"]
      .concat(["agents/workers/thread", "agents/dagger/collect-thread"]) // threads
      .concat(["src/cli/run-cli", "src/cli/run-config", "src/cli/settings/list-settings"]), // scripts and tests import them
  },
];
for (const { from, to, chunks, entries } of packages) {
  removeScripts(join(root, to));
  const build = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((name) => [name, join(root, from, `${name}.ts`)])),
    platform: "node",
    external: /^(?!\.|\/|[A-Za-z]:[\\/])/, // whatever has a name is a package
    logLevel: "warn",
  });
  await build.write({
    dir: join(root, to),
    format: "es",
    entryFileNames: "[name].js",
    chunkFileNames: `${chunks}/[name].js`,
  });
  await build.close();
}

/** Those of an earlier build; the page has its own. */
function removeScripts(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const page = join(root, "dist/viewer");
  for (const { name, parentPath } of entries)
    if (name.endsWith(".js") && !parentPath.startsWith(page)) rmSync(join(parentPath, name));
}
