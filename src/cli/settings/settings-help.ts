import { type Setting, listSettings } from "./list-settings.ts";
import type { SchemaNode } from "../../settings/settings-schema.ts";
import { wrapText } from "./wrap-text.ts";

/** Where the descriptions begin. */
const INDENT = 38;

/**
 * All settings, a paragraph each, in groups: name and default on the left, meaning and type on the right, wrapped to `width` columns.
 * `algo` leaves out what belongs to other ways to learn.
 */
export function settingsHelp(schema: SchemaNode, width: number, algo?: string): string {
  const settings = listSettings(schema).filter((s) => isAbout(s, algo));
  const groups = [...new Set(settings.map((s) => s.group))];
  return groups
    .map((group) => {
      const lines = settings.filter((s) => s.group === group).map((s) => paragraph(s, width));
      return `\n  ${group === "" ? "the run itself" : group}\n${lines.join("\n")}`;
    })
    .join("\n");
}

const isAbout = ({ group, kinds, name }: Setting, algo: string | undefined): boolean =>
  algo === undefined ||
  !(group === "algo" || group.startsWith("algo.")) ||
  (name !== "kind" && (kinds.length === 0 || kinds.includes(algo)));

function paragraph({ group, name, type, byDefault, description, kinds }: Setting, width: number): string {
  const left = `    ${group === "" ? "" : "."}${name}${byDefault === "" ? "" : ` = ${byDefault}`}`;
  const only = kinds.length === 0 ? "" : `[${kinds.join(", ")}] `;
  const right = wrapText(`${only}${description} (${type})`, width - INDENT);
  const [first, ...rest] = left.length < INDENT - 1 ? right : ["", ...right];
  const lines = [`${left.padEnd(INDENT)}${first}`.trimEnd(), ...rest.map((line) => " ".repeat(INDENT) + line)];
  return lines.join("\n");
}
