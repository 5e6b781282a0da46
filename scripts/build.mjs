// Builds everything: kernels -> types (tsc project references) -> packages -> viewer page. Skips nothing, prints what takes time.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compilerPath } from "./typescript.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const steps = [
  ["kernels", ["scripts/build-kernels.mjs"]],
  ["types", [compilerPath(), "-b", "envs", "src", "agents", "src/cli"]],
  ["packages", ["scripts/bundle.mjs"]],
  ["viewer", ["node_modules/vite/bin/vite.js", "build", "viewer", "--logLevel", "warn"]],
];
for (const [name, args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`build: ${name} failed`);
    process.exit(1);
  }
  console.log(`build: ${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
const bin = `${root}dist/src/cli/main.js`;
if (existsSync(bin)) chmodSync(bin, 0o755);
