import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import ts from "typescript";
import { checker } from "./program.mjs";

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
export function commentOf(symbol) {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return "";
  const documented = symbol.flags & ts.SymbolFlags.Variable ? [symbol.valueDeclaration] : symbol.declarations;
  const own = textOf(documented.flatMap(docsOf)).filter(Boolean).join("\n\n");
  const inherited = () => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return linkPages(own || inherited(), declaration);
}

/** What a class says at its constructor, such as what that throws. */
export const constructorComments = (symbol) =>
  symbol.declarations
    .filter(ts.isClassDeclaration)
    .flatMap((own) => own.members.filter(ts.isConstructorDeclaration))
    .flatMap((own) => textOf(docsOf(own)).filter(Boolean));

export const hasOwnComment = (member) => member.declarations.some((d) => docsOf(d).some((doc) => doc.comment));
