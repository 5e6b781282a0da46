import { type SchemaNode, alternatives, defaultKind, kindOf, typeText } from "../../settings/settings-schema.ts";

/** One setting of a run as people read about it. */
export interface Setting {
  /** dotted path of the group it stands in, such as `policy.circuit` */
  readonly group: string;
  readonly name: string;
  readonly type: string;
  /** as one would write it after `--set`; empty where there is no default */
  readonly byDefault: string;
  readonly description: string;
  /** kinds of the group that have the setting; empty: all of them */
  readonly kinds: readonly string[];
}

/** All settings in the schema's order. What several kinds of a group have alike is listed once, with those kinds. */
export function listSettings(schema: SchemaNode): readonly Setting[] {
  const settings = new Map<string, Setting>();
  for (const found of walk(schema, [], [])) {
    const key = JSON.stringify({ ...found, kinds: null });
    const kinds = [...new Set([...(settings.get(key)?.kinds ?? []), ...found.kinds])];
    settings.set(key, { ...found, kinds });
  }
  return [...settings.values()];
}

function* walk(node: SchemaNode, path: readonly string[], kinds: readonly string[]): Generator<Setting> {
  const options = alternatives(node);
  if (options.length > 0) {
    if (options.length > 1) yield kindSetting(node, path, kinds);
    for (const option of options) yield* walk(option, path, options.length > 1 ? [kindOf(option)] : kinds);
  } else if (node.properties !== undefined) {
    for (const [name, child] of Object.entries(node.properties))
      if (child.const === undefined) yield* walk(child, [...path, name], kinds);
  } else yield setting(node, path, kinds, node.default);
}

/** The setting that chooses among kinds; it says what each of them is, so its type need not list them again. */
function kindSetting(node: SchemaNode, path: readonly string[], kinds: readonly string[]): Setting {
  const meanings = alternatives(node).map((option) => `${kindOf(option)}: ${option.description ?? ""}`);
  const description = meanings.join("; ");
  return { ...setting(node, [...path, "kind"], kinds, defaultKind(node)), description, type: "name" };
}

function setting(node: SchemaNode, path: readonly string[], kinds: readonly string[], byDefault: unknown): Setting {
  return {
    group: path.slice(0, -1).join("."),
    name: path.at(-1)!,
    type: typeText(node),
    byDefault: byDefault === undefined ? "" : typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault),
    description: node.description ?? "",
    kinds,
  };
}
