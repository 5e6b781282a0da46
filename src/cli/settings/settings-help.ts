import { type SchemaNode, alternatives, defaultKind, kindOf, typeText } from "./settings-schema.ts";

interface Line {
  readonly name: string;
  readonly type: string;
  readonly byDefault: string;
  readonly description: string;
}

/** All settings as a table: name, type, default, meaning. Settings that belong to one kind are marked with it. */
export function settingsHelp(schema: SchemaNode): string {
  const lines = [...walk(schema, [], null)];
  const width = (pick: (line: Line) => string): number => Math.max(...lines.map((line) => pick(line).length));
  const [names, types, defaults] = [width((l) => l.name), width((l) => l.type), width((l) => l.byDefault)];
  return lines
    .map(({ name, type, byDefault, description }) =>
      `  ${name.padEnd(names)}  ${type.padEnd(types)}  ${byDefault.padEnd(defaults)}  ${description}`.trimEnd(),
    )
    .join("\n");
}

function* walk(node: SchemaNode, path: readonly string[], kind: string | null): Generator<Line> {
  const kinds = alternatives(node);
  if (kinds.length > 0) {
    if (kinds.length > 1) yield line(node, [...path, "kind"], kind, defaultKind(node));
    for (const alternative of kinds) yield* walk(alternative, path, kinds.length > 1 ? kindOf(alternative) : kind);
  } else if (node.properties !== undefined) {
    for (const [name, child] of Object.entries(node.properties))
      if (child.const === undefined) yield* walk(child, [...path, name], kind);
  } else yield line(node, path, kind, node.default);
}

function line(node: SchemaNode, path: readonly string[], kind: string | null, byDefault: unknown): Line {
  return {
    name: path.join("."),
    type: typeText(node),
    byDefault: byDefault === undefined ? "" : typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault),
    description: [node.description ?? "", kind === null ? "" : `(${kind})`].filter(Boolean).join(" "),
  };
}
