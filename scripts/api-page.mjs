// Writes docs/api.md from the doc comments of everything the packages export; with --check, only says whether it is up to date.
// Fails when an export has no doc comment: the page is as good as they are. Reads the build for the fields of the schemas.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import ts from "typescript";
import { z } from "zod";
import { listSettings } from "../dist/src/cli/settings/list-settings.js";

const entries = [
  [
    "elegans",
    "src/index.ts",
    "Policies that were trained: read them, run them, ask what they look at ([policies](policies.md)). The errors of all entry points",
  ],
  [
    "elegans/ncp",
    "src/ncp/index.ts",
    "Circuits and recurrent models in plain TypeScript: wirings, CfC, LTC, gradients, Adam, drawings, files ([circuits](ncp.md)). Codes of its ConfigErrors begin with `ncp-`",
  ],
  [
    "elegans/agents",
    "agents/index.ts",
    "What learns and acts: PPO, behaviour cloning, DAgger, scripted experts, presets, labelled sequences ([PPO](ppo.md), [cloning](cloning.md))",
  ],
  ["elegans/tfjs", "src/tfjs/index.ts", "The circuits as TensorFlow.js layers (needs the package `@tensorflow/tfjs`)"],
  ["elegans/interop", "src/interop/index.ts", "numpy's and ZIP files. For Node"],
  [
    "gymnasium-js",
    "envs/index.ts",
    "Worlds, spaces, wrappers, vector environments, numpy's random streams, pictures ([overview](../envs/README.md)). Names are Gymnasium's, in camelCase; its `wrappers.vector` have `Vector` in front",
  ],
  ["gymnasium-js/node", "envs/node.ts", "What needs Node: environments in worker threads, compression"],
];
const intro = `# API

Made from the doc comments by \`npm run docs\`; do not edit.

- Shapes stand in brackets, row-major: \`[B, T, D]\` is a batch of B sequences of T steps with D numbers each. Numbers travel in flat typed
  arrays. Units of physical numbers stand in brackets as well: [m], [rad], [s].
- Elapsed time is counted in nominal control periods: 1 is one regular step of the world.
- \`elegans\` throws ConfigError (ask differently), EnvError (a world misbehaved), FormatError (a file is damaged or foreign), KernelError (the
  engine cannot) and its subclass NonFiniteError (a number became NaN or infinite): tell them by \`instanceof\`, the classes being exports of
  [\`elegans\`](#elegans) and the same in all its entry points, and by the stable \`error.code\`. \`gymnasium-js\` throws Gymnasium's own errors
  and is listed with them.
- Settings of training (\`PolicyConfig\`, \`PpoConfig\`, …) are in [settings](settings.md).
`;
const target = "docs/api.md";
const titles = { class: "Classes", function: "Functions", constant: "Constants", type: "Types", error: "Errors" };
const kinds = Object.keys(titles);
const lineWidth = 110;
const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

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

const typeOf = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration);
const isCallable = (symbol) => typeOf(symbol).getCallSignatures().length > 0;
const isSchema = (symbol) => typeOf(symbol).getProperty("safeParse") !== undefined;

/** Pages that comments name, as links: those in docs/, and a README.md beside the file. */
function linkPages(comment, declaration) {
  const path = `${dirname(relative(".", declaration.getSourceFile().fileName))}/README.md`;
  const linked = comment.replace(/docs\/([\w-]+\.md)/g, "[docs/$1]($1)");
  if (!/beside this file/.test(comment) || !existsSync(path)) return linked;
  return linked.replace(/(README\.md|[Tt]he page) beside this file/, (_, words) => `[${words}](../${path})`);
}

/** `@throws` tags as sentences. */
const throwsOf = (docs) =>
  docs
    .flatMap((doc) => doc.tags ?? [])
    .filter(({ tagName }) => tagName.text === "throws")
    .map(({ comment }) => `Throws ${ts.getTextOfJSDocComment(comment).trim().replace(/\.?$/, ".")}`);

const docsOf = (node) => ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
const textOf = (docs) => [...docs.map((doc) => ts.getTextOfJSDocComment(doc.comment)?.trim() ?? ""), ...throwsOf(docs)];

/** The doc comment; of a value and a type of one name the value's alone; of a member without one that of the base. */
function commentOf(symbol) {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return "";
  const documented = symbol.flags & ts.SymbolFlags.Variable ? [symbol.valueDeclaration] : symbol.declarations;
  const own = textOf(documented.flatMap(docsOf)).filter(Boolean).join("\n\n");
  const inherited = () => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return linkPages(own || inherited(), declaration);
}

const isError = (symbol) =>
  heritageOf(symbol).some(([, text, base]) => text === "Error" || (base !== undefined && isError(base)));

function kindOf(symbol) {
  if (symbol.flags & ts.SymbolFlags.Class) return isError(symbol) ? "error" : "class";
  if (symbol.flags & ts.SymbolFlags.Function) return "function";
  if (symbol.flags & ts.SymbolFlags.Variable) return isCallable(symbol) ? "function" : "constant";
  return "type";
}

const flat = (text) =>
  text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .replace(/,? ([)\]>])(?!=)/g, "$1")
    .replace(/([([]|\w<) /g, "$1")
    .replace(/(: )\| /g, "$1")
    .trim();

const parameter = (node) =>
  flat(node.getText()).replace(/^((public|private|protected|readonly|override|declare) )+/, "");

/** A call as it is declared: names, defaults and type names stay as the author wrote them. */
function callText(name, declaration) {
  const generics = declaration.typeParameters?.map((p) => flat(p.getText())).join(", ");
  const result = declaration.type === undefined ? "" : `: ${flat(declaration.type.getText())}`;
  const parameters = declaration.parameters.map(parameter);
  const head = `${name}${generics ? `<${generics}>` : ""}`;
  const short = `${head}(${parameters.join(", ")})${result}`;
  if (short.length <= lineWidth) return short;
  return `${head}(\n${parameters.map((p) => `  ${p},\n`).join("")})${result}`;
}

function signatureText(name, signature) {
  const { declaration } = signature;
  const isReadable = declaration?.type !== undefined && declaration.parameters !== undefined;
  return isReadable
    ? callText(name, declaration)
    : name + checker.signatureToString(signature, undefined, ts.TypeFormatFlags.NoTruncation);
}

const isInternal = ({ name }) => name === "internal";

/** What a class says at its constructor, such as what that throws. */
const constructorComments = (symbol) =>
  symbol.declarations
    .filter(ts.isClassDeclaration)
    .flatMap((own) => own.members.filter(ts.isConstructorDeclaration))
    .flatMap((own) => textOf(docsOf(own)).filter(Boolean));

function constructors(symbol) {
  const [own] = symbol.declarations.filter(ts.isClassDeclaration);
  const generics = own.typeParameters?.map((p) => p.name.text).join(", ");
  const name = `new ${symbol.name}${generics ? `<${generics}>` : ""}`;
  return typeOf(symbol)
    .getConstructSignatures()
    .filter(({ declaration }) => !(declaration && ts.getCombinedModifierFlags(declaration) & hidden))
    .map((s) =>
      s.declaration?.parent === own
        ? callText(name, s.declaration).replace(/^(new \w+<[^(]*?>)<.*?>\(/, "$1(")
        : `new ${symbol.name}${checker.signatureToString(s, undefined, ts.TypeFormatFlags.NoTruncation).replace(/: [^:]*$/, "")}`,
    );
}

const constantType = (symbol, name) => {
  const declared = symbol.valueDeclaration.type;
  const text = declared
    ? flat(declared.getText())
    : checker.typeToString(typeOf(symbol), undefined, ts.TypeFormatFlags.NoTruncation);
  return text.length <= lineWidth ? [`${name}: ${text}`] : [];
};

/** A type other than a list of members, as it is declared. */
function aliasText(symbol) {
  const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
  if (alias === undefined || ts.isTypeLiteralNode(alias.type) || /^z\.(infer|input)</.test(alias.type.getText()))
    return [];
  return [alias.getText().replace(/^export /, "")];
}

/** What has an entry on the page. */
const documented = new Set();
const resolved = (symbol) =>
  symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
/** What a class or interface extends and implements, by clause: [word, type as written, symbol]. */
const heritageOf = (symbol) =>
  (symbol.declarations ?? [])
    .flatMap((d) => d.heritageClauses ?? [])
    .flatMap((clause) =>
      clause.types.map((type) => [
        clause.token === ts.SyntaxKind.ExtendsKeyword ? "Extends" : "Implements",
        flat(type.getText()),
        resolved(checker.getSymbolAtLocation(type.expression)),
      ]),
    );
/** Bases with an entry of their own, or from outside the project; those of others are shown as the type's own members. */
const isNamed = (base) => documented.has(base) || !(base?.declarations ?? []).every(isOurs);
const isOurs = (declaration) => !/node_modules/.test(declaration.getSourceFile().fileName);

const namedBases = (symbol) =>
  heritageOf(symbol).flatMap((clause) => (isNamed(clause[2]) ? [clause] : namedBases(clause[2])));

function heritage(symbol) {
  const bases = namedBases(symbol);
  return ["Extends", "Implements"].flatMap((word) => {
    const names = bases.filter(([clause]) => clause === word).map(([, text]) => `\`${text}\``);
    return names.length > 0 ? [`${word} ${names.join(", ")}.`] : [];
  });
}

function signatures(symbol, kind, name) {
  if (kind === "function")
    return typeOf(symbol)
      .getCallSignatures()
      .map((s) => signatureText(name, s));
  if (kind === "class") return constructors(symbol);
  if (kind === "error") return symbol.members.has("__constructor") ? constructors(symbol) : []; // those of their base otherwise
  return kind === "constant" ? (isSchema(symbol) ? [] : constantType(symbol, name)) : aliasText(symbol);
}

/** Declarations of a type and of its bases without an entry of their own. */
function declarationsOf(symbol) {
  const bases = heritageOf(symbol)
    .map(([, , base]) => base)
    .filter((base) => base !== undefined && !isNamed(base));
  const nodes = (symbol.declarations ?? []).map((d) => (ts.isTypeAliasDeclaration(d) ? d.type : d));
  const named = nodes
    .filter(ts.isTypeReferenceNode)
    .map((node) => resolved(checker.getSymbolAtLocation(node.typeName)))
    .filter((other) => other !== undefined && !isNamed(other));
  return [...nodes, ...[...bases, ...named].flatMap(declarationsOf)];
}

/** The symbols of the members that are declared in a class, interface or type literal itself. */
function ownMembers(symbol) {
  const nodes = declarationsOf(symbol);
  return checker
    .getDeclaredTypeOfSymbol(symbol)
    .getProperties()
    .filter((member) => (member.declarations ?? []).some((d) => nodes.includes(d.parent)));
}

const isStatic = ({ declarations: [first] }) => (ts.getCombinedModifierFlags(first) & ts.ModifierFlags.Static) !== 0;
const staticMembers = (symbol) =>
  [...(symbol.exports?.values() ?? [])].filter((member) => member.declarations !== undefined && isStatic(member));

const hasOwnComment = (member) => member.declarations.some((d) => docsOf(d).some((doc) => doc.comment));

const isMethod = (node) => ts.isMethodDeclaration(node) || ts.isMethodSignature(node);

/** Name and type of a member, short enough to read in a list; every form of a method that has several. */
function memberText(member) {
  const [declaration] = member.declarations;
  const name = `${member.name}${declaration.questionToken ? "?" : ""}`;
  if (isMethod(declaration)) {
    const forms = member.declarations.filter((d) => isMethod(d) && (d === declaration || d.body === undefined));
    const texts = forms.map((form) => callText(name, form));
    return texts.join("").includes("\n") ? `${member.name}(…)` : texts.join("`, `");
  }
  const type =
    declaration.type === undefined
      ? checker.typeToString(checker.getTypeOfSymbol(member), undefined, ts.TypeFormatFlags.NoTruncation)
      : flat(declaration.type.getText());
  return type.length <= lineWidth - 30 ? `${name}: ${type}` : name;
}

/** Names that a class has from bases and interfaces with an entry of their own. */
const inheritedNames = (symbol) =>
  (symbol.declarations ?? [])
    .flatMap((d) => d.heritageClauses ?? [])
    .flatMap((clause) => clause.types)
    .flatMap((type) => {
      const base = resolved(checker.getSymbolAtLocation(type.expression));
      return isNamed(base)
        ? checker
            .getTypeFromTypeNode(type)
            .getProperties()
            .map(({ name }) => name)
        : inheritedNames(base);
    });

/** Public members with their comments. What a class only takes over from a base or an interface is left to that one's entry. */
function members(symbol) {
  const isInterface = !(symbol.flags & ts.SymbolFlags.Class);
  const inherited = isInterface ? new Set() : new Set([...inheritedNames(symbol), "toString"]);
  return [...(isInterface ? [] : staticMembers(symbol).filter(hasOwnComment)), ...ownMembers(symbol)]
    .filter(
      ({ name, declarations }) => !/^(#|_)/.test(name) && !(ts.getCombinedModifierFlags(declarations[0]) & hidden),
    )
    .filter((member) => hasOwnComment(member) || !inherited.has(member.name))
    .filter((member) => !member.getJsDocTags().some(isInternal))
    .map((member) => [(isStatic(member) ? `${symbol.name}.` : "") + memberText(member), commentOf(member)]);
}

const readSchema = async (file) => import(`../dist/${file.replace(/\.ts$/, ".js")}`);

/** Fields of a schema as [what, meaning]; those of the run's settings have a page of their own. */
function schemaFields(schema) {
  const node = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const alternatives = node.oneOf ?? node.anyOf ?? [];
  if (alternatives.length > 0) {
    const named = alternatives.map(({ properties }) => JSON.stringify(properties.kind.const));
    return [[`kind: ${named.join(" | ")}`, "with the fields of that kind"]];
  }
  return Object.entries(node.properties).map(([name, child]) => {
    const isRequired = node.required?.includes(name) ?? false;
    if (child.const !== undefined) return [`${name}: ${JSON.stringify(child.const)}`, ""];
    const [inner, nothing] = child.anyOf ?? [child];
    const isNullable = nothing?.type === "null";
    const isNested = inner.properties !== undefined || inner.oneOf !== undefined;
    const [setting] = isNested
      ? []
      : listSettings({ properties: { [name]: { ...child, anyOf: undefined, ...inner } } });
    const byDefault = setting?.byDefault ? `default ${setting.byDefault}` : isRequired ? "" : "optional";
    return [
      `${name}: ${setting?.type ?? "object"}${isNullable ? " | null" : ""}`,
      [setting?.description ?? child.description ?? "", byDefault].filter(Boolean).join("; "),
    ];
  });
}

const slugs = new Map();
/** The anchor GitHub gives a heading, counted as it counts. */
function anchor(heading) {
  const slug = heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
  const seen = slugs.get(slug) ?? 0;
  slugs.set(slug, seen + 1);
  return seen === 0 ? slug : `${slug}-${seen}`;
}
anchor("API");

const exportsOf = (file) =>
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).map((symbol) => ({
    name: symbol.name,
    symbol: resolved(symbol),
    isTypeOnly: (symbol.declarations ?? []).some((d) => ts.isExportSpecifier(d) && ts.isTypeOnlyExportDeclaration(d)),
  }));
for (const [, file] of entries) for (const { symbol } of exportsOf(file)) documented.add(symbol);

const missing = [];
const oneLine = (comment) => comment.replace(/\s*\n\s*/g, " ");
const lines = [];
const contents = [];
const firstEntries = new Map();
const count = { exports: 0 };
for (const [name, file, about] of entries) {
  const values = name.startsWith("elegans") && name !== "elegans/tfjs" ? await readSchema(file) : {};
  const symbols = exportsOf(file).map((one) => ({
    ...one,
    kind: one.isTypeOnly ? "type" : kindOf(one.symbol),
    comment: commentOf(one.symbol),
  }));
  for (const { name: symbolName, comment } of symbols) if (comment === "") missing.push(`${file}: ${symbolName}`);
  count.exports += symbols.length;
  contents.push(`- [\`${name}\`](#${anchor(name)}): ${about}`);
  lines.push(`## \`${name}\``, "", `${about}.`, "");
  const body = [];
  for (const kind of kinds) {
    const group = symbols
      .filter((s) => s.kind === kind)
      .sort((a, b) => a.name.localeCompare(b.name, "en", { sensitivity: "base" }));
    if (group.length === 0) continue;
    anchor(titles[kind]);
    const links = [];
    body.push(`### ${titles[kind]}`, "");
    for (const { name: symbolName, symbol, comment } of group) {
      const link = anchor(symbolName);
      links.push(`[${symbolName}](#${link})`);
      body.push(`#### ${symbolName}`, "");
      const first = firstEntries.get(symbol);
      if (first !== undefined) {
        body.push(`The same as [in \`${first.entry}\`](#${first.link}).`, "");
        continue;
      }
      firstEntries.set(symbol, { entry: name, link });
      const calls = signatures(symbol, kind, symbolName);
      if (calls.length > 0) body.push("```ts", ...calls, "```", "");
      body.push(comment, "");
      if (kind === "class") body.push(...constructorComments(symbol).flatMap((note) => [note, ""]));
      const bases = heritage(symbol);
      if (bases.length > 0) body.push(bases.join(" "), "");
      const parts =
        kind !== "constant"
          ? members(symbol)
          : isSchema(symbol) && !/^(Ppo|Bc|Dagger|Policy)Config$/.test(symbolName)
            ? schemaFields(values[symbolName])
            : [];
      if (parts.length > 0)
        body.push(...parts.map(([part, note]) => `- \`${part}\`${note === "" ? "" : ` – ${oneLine(note)}`}`), "");
    }
    lines.push(`${titles[kind]}: ${links.join(" · ")}`, "");
  }
  lines.push(...body);
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
console.log(`docs: ${count.exports} exports`);
