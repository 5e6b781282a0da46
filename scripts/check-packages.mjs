// Packs both packages, installs the tarballs into an empty folder and uses them there as a stranger would.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(process.argv[2] ?? "artifacts/pack");
mkdirSync(folder, { recursive: true });
const npm = (args, cwd) => execFileSync("npm", args, { cwd, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

npm(["pack", "--ignore-scripts", "--pack-destination", folder], ".");
npm(["pack", "--ignore-scripts", "--pack-destination", folder], "envs");
const tarballs = readdirSync(folder)
  .filter((name) => name.endsWith(".tgz"))
  .map((name) => join(folder, name));
if (tarballs.length !== 2) throw new Error(`expected two tarballs, got ${tarballs.join(", ")}`);

const user = join(folder, "user");
mkdirSync(user, { recursive: true });
writeFileSync(
  join(user, "package.json"),
  JSON.stringify({ name: "user", version: "1.0.0", type: "module", private: true }),
);
npm(["install", "--no-audit", "--no-fund", ...tarballs], user);

const program = `
  import { make } from "gymnasium-js";
  import * as elegans from "elegans";
  import * as agents from "elegans/agents";
  const env = make("CartPole-v1");
  const [obs] = env.reset({ seed: 0 });
  const [, reward] = env.step(1);
  if (obs.length !== 4 || reward !== 1) throw new Error("CartPole does not answer");
  if (Object.keys(elegans).length === 0 || Object.keys(agents).length === 0) throw new Error("empty package");
`;
writeFileSync(join(user, "use.js"), program);
execFileSync(process.execPath, ["use.js"], { cwd: user, stdio: "inherit" });

const cli = join(user, "node_modules/.bin/elegans");
const out = execFileSync(
  cli,
  ["train", "CartPole-v1", "--total-steps", "4096", "--eval-episodes", "4", "--seed", "1", "--run", "run", "--json"],
  {
    cwd: user,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  },
);
const result = JSON.parse(out.trim().split("\n").at(-1));
if (!(result.steps >= 4096) || !/^[0-9a-f]{64}$/.test(result.policySha256))
  throw new Error(`unexpected train result ${out}`);
console.log(
  `packages: ${tarballs.length} tarballs installed; trained ${result.steps} steps from the installed command`,
);
