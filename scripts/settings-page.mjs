// Writes docs/settings.md from the schema that checks the settings; with --check, only says whether it is up to date. Reads the build.
import { readFileSync, writeFileSync } from "node:fs";
import { runSchema } from "../dist/src/cli/run-config.js";
import { listSettings } from "../dist/src/cli/settings/list-settings.js";

const target = "docs/settings.md";
const settings = listSettings(runSchema);
const cell = (text) => text.replaceAll("|", "\\|");
const row = ({ name, byDefault, kinds, type, description }) =>
  `| \`${name}\` | ${byDefault === "" ? "" : `\`${cell(byDefault)}\``} | ${kinds.join(", ")} | ${cell(type)} | ${cell(description)} |`;
const section = (group) =>
  [
    `## ${group === "" ? "The run" : `\`${group}\``}`,
    "",
    "| name | default | only for | type | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...settings.filter((s) => s.group === group).map(row),
  ].join("\n");
const page = [
  "# Settings",
  "",
  "What `train` and `clone` can be told with `--set GROUP.NAME=VALUE` or in a `--config` file (JSON). A run's `config.json` holds all of them, resolved.",
  "",
  "Made from the schema that checks them (`npm run docs`).",
  "",
  ...[...new Set(settings.map((s) => s.group))].map((group) => `${section(group)}\n`),
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(target, page);
else if (readFileSync(target, "utf8") !== page) {
  console.error(`${target} is out of date; run npm run docs and commit it`);
  process.exit(1);
}
