// Lists the public names of every entry point; with --write, stores them in test/public-names.json, which a test compares with.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const entries = {
  elegans: "src/index.ts",
  "elegans/ncp": "src/ncp/index.ts",
  "elegans/agents": "agents/index.ts",
  "elegans/tfjs": "src/tfjs/index.ts",
  "elegans/interop": "src/interop/index.ts",
  "gymnasium-js": "envs/index.ts",
  "gymnasium-js/node": "envs/node.ts",
};

/** Names that an index file exports one by one, sorted. Throws on `export *`. */
function namesOf(file) {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  if (/export\s*\*/.test(text)) throw new Error(`${file}: export * hides what is public; list the names`);
  const lists = [...text.matchAll(/export\s+(?:type\s+)?\{([^}]*)\}/g)].flatMap(([, list]) => list.split(","));
  const names = lists
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, "")
        .replace(/^.*\sas\s+/, ""),
    )
    .filter(Boolean);
  return names.sort((a, b) => (a < b ? -1 : 1));
}

/** Public names by entry point. */
export const publicNames = () =>
  Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, namesOf(file)]));

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const text = `${JSON.stringify(publicNames(), null, 2)}\n`;
  if (process.argv.includes("--write")) writeFileSync("test/public-names.json", text);
  else process.stdout.write(text);
}
