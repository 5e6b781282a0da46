// Fails when `npm install` would change what package-lock.json pins. Optional entries are left out: npm adds or drops other
// platforms' binaries with what the registry at hand carries.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const pinned = (text) =>
  Object.entries(JSON.parse(text).packages)
    .filter(([, entry]) => !entry.optional)
    .map(([path, entry]) => `${path || "."} ${entry.version ?? ""} ${entry.integrity ?? ""}`)
    .sort();
const committed = pinned(execFileSync("git", ["show", "HEAD:package-lock.json"], { encoding: "utf8", maxBuffer: 1e8 }));
const installed = pinned(readFileSync("package-lock.json", "utf8"));
const differing = [
  ...installed.filter((line) => !committed.includes(line)).map((line) => `+ ${line}`),
  ...committed.filter((line) => !installed.includes(line)).map((line) => `- ${line}`),
];
if (differing.length > 0) {
  console.error(`package-lock.json is out of date; run npm install and commit it:\n${differing.join("\n")}`);
  process.exit(1);
}
