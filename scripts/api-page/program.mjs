import ts from "typescript";
import { entries } from "./entries.mjs";
import { flat } from "./flat.mjs";

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
export const checker = program.getTypeChecker();

export const typeOf = (symbol) => checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration);

/** What has an entry on the page. */
export const documented = new Set();
export const resolved = (symbol) =>
  symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

export const exportsOf = (file) =>
  checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))).map((symbol) => ({
    name: symbol.name,
    symbol: resolved(symbol),
    isTypeOnly: (symbol.declarations ?? []).some((d) => ts.isExportSpecifier(d) && ts.isTypeOnlyExportDeclaration(d)),
  }));
for (const [, file] of entries) for (const { symbol } of exportsOf(file)) documented.add(symbol);

/** What a class or interface extends and implements, by clause: [word, type as written, symbol]. */
export const heritageOf = (symbol) =>
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
export const isNamed = (base) => documented.has(base) || !(base?.declarations ?? []).every(isOurs);
const isOurs = (declaration) => !/node_modules/.test(declaration.getSourceFile().fileName);

export const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
