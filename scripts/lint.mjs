// oxlint (type-aware), then prettier in check mode. `--fix` mends what can be mended.
import { spawnSync } from "node:child_process";
const fix = process.argv.includes("--fix");
const run = (args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
const lint = run(["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings", ...(fix ? ["--fix"] : [])]);
const format = run([
  "node_modules/prettier/bin/prettier.cjs",
  "--cache",
  "--log-level",
  "warn",
  fix ? "--write" : "--check",
  ".",
]);
process.exit(lint || format);
