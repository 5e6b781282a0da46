import ts from "typescript";
import { flat } from "./flat.mjs";
import { checker, heritageOf, hidden, typeOf } from "./program.mjs";

/** Longest signature on one line. */
export const lineWidth = 110;

const isCallable = (symbol) => typeOf(symbol).getCallSignatures().length > 0;
export const isSchema = (symbol) => typeOf(symbol).getProperty("safeParse") !== undefined;

const isError = (symbol) =>
  heritageOf(symbol).some(([, text, base]) => text === "Error" || (base !== undefined && isError(base)));

export function kindOf(symbol) {
  if (symbol.flags & ts.SymbolFlags.Class) return isError(symbol) ? "error" : "class";
  if (symbol.flags & ts.SymbolFlags.Function) return "function";
  if (symbol.flags & ts.SymbolFlags.Variable) return isCallable(symbol) ? "function" : "constant";
  return "type";
}

const parameter = (node) =>
  flat(node.getText()).replace(/^((public|private|protected|readonly|override|declare) )+/, "");

/** A call as it is declared: names, defaults and type names stay as the author wrote them. */
export function callText(name, declaration) {
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

export function signatures(symbol, kind, name) {
  if (kind === "function")
    return typeOf(symbol)
      .getCallSignatures()
      .map((s) => signatureText(name, s));
  if (kind === "class") return constructors(symbol);
  if (kind === "error") return symbol.members.has("__constructor") ? constructors(symbol) : []; // those of their base otherwise
  return kind === "constant" ? (isSchema(symbol) ? [] : constantType(symbol, name)) : aliasText(symbol);
}
