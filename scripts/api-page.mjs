// Writes docs/api.md from the doc comments of everything the packages export; with --check, only says whether it is up to date.
// Fails when an export has no doc comment: the page is as good as they are. Reads the build for the fields of the schemas.
import { readFileSync, writeFileSync } from "node:fs";
import { anchor } from "./api-page/anchor.mjs";
import { commentOf, constructorComments } from "./api-page/comments.mjs";
import { entries, intro } from "./api-page/entries.mjs";
import { heritage, members } from "./api-page/members.mjs";
import { exportsOf } from "./api-page/program.mjs";
import { readSchema, schemaFields } from "./api-page/schema-fields.mjs";
import { isSchema, kindOf, signatures } from "./api-page/signatures.mjs";

const target = "docs/api.md";
const titles = { class: "Classes", function: "Functions", constant: "Constants", type: "Types", error: "Errors" };
const kinds = Object.keys(titles);

const oneLine = (comment) => comment.replace(/\s*\n\s*/g, " ");
const byName = (a, b) => a.name.localeCompare(b.name, "en", { sensitivity: "base" });

/** Fields or members as [what, meaning]. */
function partsOf({ name, symbol, kind }, value) {
  if (kind !== "constant") return members(symbol);
  return isSchema(symbol) && !/^(Ppo|Bc|Dagger|Policy)Config$/.test(name) ? schemaFields(value) : [];
}

/** What stands under the heading of an export. */
function entryLines(one, value) {
  const { name, symbol, kind, comment } = one;
  const calls = signatures(symbol, kind, name);
  const notes = kind === "class" ? constructorComments(symbol) : [];
  const bases = heritage(symbol);
  const parts = partsOf(one, value).map(([part, note]) => `- \`${part}\`${note === "" ? "" : ` – ${oneLine(note)}`}`);
  return [
    ...(calls.length > 0 ? ["```ts", ...calls, "```", ""] : []),
    ...[comment, ...notes].flatMap((text) => [text, ""]),
    ...(bases.length > 0 ? [bases.join(" "), ""] : []),
    ...(parts.length > 0 ? [...parts, ""] : []),
  ];
}

/** Where each export has its entry: later ones point there. */
const firstEntries = new Map();

function linkOrEntry(entry, one, link, value) {
  const first = firstEntries.get(one.symbol);
  if (first !== undefined) return [`The same as [in \`${first.entry}\`](#${first.link}).`, ""];
  firstEntries.set(one.symbol, { entry, link });
  return entryLines(one, value);
}

/** One kind of an entry point's exports: an index of links, and their entries. */
function sectionOf(entry, kind, group, values) {
  anchor(titles[kind]);
  const links = [];
  const body = [`### ${titles[kind]}`, ""];
  for (const one of group) {
    const link = anchor(one.name);
    links.push(`[${one.name}](#${link})`);
    body.push(`#### ${one.name}`, "", ...linkOrEntry(entry, one, link, values[one.name]));
  }
  return { index: [`${titles[kind]}: ${links.join(" · ")}`, ""], body };
}

const describe = (one) => ({
  ...one,
  kind: one.isTypeOnly ? "type" : kindOf(one.symbol),
  comment: commentOf(one.symbol),
});

anchor("API");
const missing = [];
const lines = [];
const contents = [];
let numExports = 0;
for (const [entry, file, about] of entries) {
  const values = entry.startsWith("elegans") && entry !== "elegans/tfjs" ? await readSchema(file) : {};
  const all = exportsOf(file).map(describe).sort(byName);
  missing.push(...all.filter(({ comment }) => comment === "").map(({ name }) => `${file}: ${name}`));
  numExports += all.length;
  contents.push(`- [\`${entry}\`](#${anchor(entry)}): ${about}`);
  const sections = kinds
    .map((kind) => [kind, all.filter((one) => one.kind === kind)])
    .filter(([, group]) => group.length > 0)
    .map(([kind, group]) => sectionOf(entry, kind, group, values));
  lines.push(`## \`${entry}\``, "", `${about}.`, "");
  lines.push(...sections.flatMap(({ index }) => index), ...sections.flatMap(({ body }) => body));
}

if (missing.length > 0) {
  console.error(`docs: ${missing.length} exports without a doc comment:\n  ${missing.join("\n  ")}`);
  process.exit(1);
}
const page = `${[intro, ...contents, "", ...lines].join("\n").trimEnd()}\n`;
if (process.argv.includes("--check")) {
  const current = readFileSync(target, "utf8");
  if (current !== page) {
    console.error(`docs: ${target} is out of date; run npm run docs`);
    process.exit(1);
  }
} else writeFileSync(target, page);
console.log(`docs: ${numExports} exports`);
