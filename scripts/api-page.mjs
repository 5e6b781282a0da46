// Writes docs/api.md from the doc comments of everything the packages export; with --check, only says whether it is up to date.
// Fails when an export has no doc comment: the page is as good as they are.
import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const entries = [
  ["elegans", "src/index.ts", "circuits, policies, engine, recordings and runs"],
  ["elegans/agents", "agents/index.ts", "what learns and acts"],
  ["elegans/tfjs", "src/tfjs/index.ts", "the circuits as TensorFlow.js layers"],
  ["gymnasium-js", "envs/index.ts", "worlds, spaces, randomness"],
  ["gymnasium-js/node", "envs/node.ts", "what needs Node"],
];
const target = "docs/api.md";
const kinds = ["class", "function", "constant", "type"];

const options = ts.parseJsonConfigFileContent(
  {
    extends: "./tsconfig.base.json",
    compilerOptions: { noEmit: true, composite: false, types: ["node"] },
    files: entries.map(([, file]) => file),
  },
  ts.sys,
  ".",
).options;
const program = ts.createProgram(
  entries.map(([, file]) => file),
  options,
);
const checker = program.getTypeChecker();

const text = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();

function kindOf(symbol) {
  if (symbol.flags & ts.SymbolFlags.Class) return "class";
  if (symbol.flags & ts.SymbolFlags.Function) return "function";
  if (symbol.flags & ts.SymbolFlags.Variable) return isCallable(symbol) ? "function" : "constant";
  return "type";
}

const typeOf = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration);
const isCallable = (symbol) => typeOf(symbol).getCallSignatures().length > 0;

function signatures(symbol, kind) {
  if (kind === "function")
    return typeOf(symbol)
      .getCallSignatures()
      .map((s) => symbol.name + checker.signatureToString(s));
  if (kind === "class")
    return typeOf(symbol)
      .getConstructSignatures()
      .map((s) => `new ${symbol.name}${checker.signatureToString(s).replace(/: [^:]*$/, "")}`);
  return [];
}

/** Public members that carry a comment: methods and properties of classes and interfaces. */
function members(symbol, kind) {
  if (kind !== "class" && !(symbol.flags & ts.SymbolFlags.Interface)) return [];
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .filter((member) => (member.declarations ?? []).some((d) => d.parent === symbol.declarations?.[0]))
    .filter(
      (member) =>
        !/^(#|_)/.test(member.name) &&
        !(
          ts.getCombinedModifierFlags(member.declarations[0]) &
          (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)
        ),
    )
    .map((member) => [member.name, text(member)])
    .filter(([, comment]) => comment !== "");
}

const missing = [];
const oneLine = (comment) => comment.replace(/\s*\n\s*/g, " ");
const lines = [
  "# API",
  "",
  "Made from the doc comments by `npm run docs`; do not edit. Shapes are in brackets, units beside them, errors after *Throws*.",
  "",
];
const count = { exports: 0 };
for (const [name, file, about] of entries) {
  const source = program.getSourceFile(file);
  const module = checker.getSymbolAtLocation(source);
  const symbols = (module === undefined ? [] : checker.getExportsOfModule(module)).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    return { name: exported.name, symbol, kind: kindOf(symbol), comment: text(symbol) };
  });
  for (const { name: symbolName, comment } of symbols) if (comment === "") missing.push(`${file}: ${symbolName}`);
  count.exports += symbols.length;
  lines.push(`## \`${name}\``, "", `${about[0].toUpperCase()}${about.slice(1)}.`, "");
  for (const kind of kinds) {
    const group = symbols.filter((s) => s.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (group.length === 0) continue;
    lines.push(`### ${{ class: "Classes", function: "Functions", constant: "Constants", type: "Types" }[kind]}`, "");
    for (const { name: symbolName, symbol, comment } of group) {
      lines.push(`#### ${symbolName}`, "");
      const calls = signatures(symbol, kind);
      if (calls.length > 0) lines.push("```ts", ...calls, "```", "");
      lines.push(comment, "");
      const parts = members(symbol, kind);
      if (parts.length > 0) lines.push(...parts.map(([member, note]) => `- \`${member}\` – ${oneLine(note)}`), "");
    }
  }
}

if (missing.length > 0) {
  console.error(`docs: ${missing.length} exports without a doc comment:\n  ${missing.join("\n  ")}`);
  process.exit(1);
}
const page = `${lines.join("\n").trimEnd()}\n`;
if (process.argv.includes("--check")) {
  const current = readFileSync(target, "utf8");
  if (current !== page) {
    console.error(`docs: ${target} is out of date; run npm run docs`);
    process.exit(1);
  }
} else writeFileSync(target, page);
console.log(`docs: ${count.exports} exports`);
