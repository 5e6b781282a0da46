import ts from "typescript";
import { commentOf, hasOwnComment } from "./comments.mjs";
import { flat } from "./flat.mjs";
import { checker, heritageOf, hidden, isNamed, resolved } from "./program.mjs";
import { callText, lineWidth } from "./signatures.mjs";

const isInternal = ({ name }) => name === "internal";

const namedBases = (symbol) =>
  heritageOf(symbol).flatMap((clause) => (isNamed(clause[2]) ? [clause] : namedBases(clause[2])));

export function heritage(symbol) {
  const bases = namedBases(symbol);
  return ["Extends", "Implements"].flatMap((word) => {
    const names = bases.filter(([clause]) => clause === word).map(([, text]) => `\`${text}\``);
    return names.length > 0 ? [`${word} ${names.join(", ")}.`] : [];
  });
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
export function members(symbol) {
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
