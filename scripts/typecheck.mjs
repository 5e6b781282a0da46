// Checks the types of every project, tests, benches, examples and viewer included.
import { spawnSync } from "node:child_process";
const { status } = spawnSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-b", "--pretty", ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
