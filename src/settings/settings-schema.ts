/** A node of a JSON schema, as far as settings use it. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** Plain JSON settings, not yet checked. */
export type Settings = Readonly<Record<string, unknown>>;

/** Whether a value is a plain object of settings. */
export const isSettings = (value: unknown): value is Settings =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The alternatives of a setting that comes in kinds; none where it does not. */
export const alternatives = (node: SchemaNode): readonly SchemaNode[] =>
  (node.oneOf ?? node.anyOf ?? []).filter((option) => option.properties?.["kind"]?.const !== undefined);

/** Name of one alternative. */
export const kindOf = (alternative: SchemaNode): string => String(alternative.properties?.["kind"]?.const);

/** The kind that a setting has when none is chosen. */
export function defaultKind(node: SchemaNode): string {
  const kinds = alternatives(node);
  return isSettings(node.default) ? String(node.default["kind"]) : kindOf(kinds[0]!);
}

/** The alternative that some settings choose, or the one they get by default; undefined for a kind that does not exist. */
export function chosenAlternative(node: SchemaNode, settings: unknown): SchemaNode | undefined {
  const kind = isSettings(settings) && typeof settings["kind"] === "string" ? settings["kind"] : defaultKind(node);
  return alternatives(node).find((alternative) => kindOf(alternative) === kind);
}

/** A type in words: `integer > 0`, `"tanh" | "relu"`, `number or null`, `[integer > 0, …]`. */
export function typeText(node: SchemaNode): string {
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum !== undefined) return node.enum.map((value) => String(value)).join(" | ");
  const options = node.oneOf ?? node.anyOf;
  if (options !== undefined) {
    const kinds = alternatives(node);
    return kinds.length > 0 ? kinds.map(kindOf).join(" | ") : options.map(typeText).join(" or ");
  }
  if (node.type === "array") return `[${node.items === undefined ? "…" : typeText(node.items)}, …]`;
  const type = typeof node.type === "string" ? node.type : (node.type?.join(" or ") ?? "any");
  return [type, ...bounds(node)].join(" ");
}

function bounds(node: SchemaNode): string[] {
  const isReal = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  return [
    ...(isReal(node.exclusiveMinimum) ? [`> ${node.exclusiveMinimum}`] : []),
    ...(isReal(node.minimum) ? [`≥ ${node.minimum}`] : []),
    ...(isReal(node.exclusiveMaximum) ? [`< ${node.exclusiveMaximum}`] : []),
    ...(isReal(node.maximum) ? [`≤ ${node.maximum}`] : []),
  ];
}
