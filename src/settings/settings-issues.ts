import { closestMatch } from "gymnasium-js";
import type { z } from "zod";
import { ConfigError } from "../errors.ts";
import { type SchemaNode, alternatives, chosenAlternative, isSettings, typeText } from "./settings-schema.ts";

/**
 * What is wrong with some settings, as one error: every issue with its path, what came and what was expected.
 * `origin` says where the value at a path came from (`--set …`, a file), or null.
 */
export function settingsError(
  issues: readonly z.core.$ZodIssue[],
  settings: unknown,
  schema: SchemaNode,
  origin: (path: string) => string | null,
): ConfigError {
  const lines = issues
    .flatMap((issue) => issueTexts(issue, settings, schema))
    .map(({ path, text }) => {
      const from = origin(path);
      return from === null ? `${path}: ${text}` : `${from}: ${text}`;
    });
  return new ConfigError("bad-setting", lines.join("\n"));
}

function issueTexts(
  issue: z.core.$ZodIssue,
  settings: unknown,
  schema: SchemaNode,
): readonly { path: string; text: string }[] {
  const keys = issue.path.map(String);
  const path = keys.join(".");
  const node = nodeAt(schema, settings, keys);
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(objectOf(node, valueAt(settings, keys))?.properties ?? {});
    return issue.keys.map((key) => ({
      path: [path, key].filter(Boolean).join("."),
      text: unknownKey(key, keys, known),
    }));
  }
  if (issue.code === "custom") return [{ path, text: issue.message }];
  const came = valueAt(settings, keys);
  if (came === undefined) return [{ path, text: `is missing; expected ${expected(node, issue)}` }];
  return [{ path, text: `expected ${expected(node, issue)}, got ${shown(came)}` }];
}

const shown = (value: unknown): string => (typeof value === "number" ? String(value) : JSON.stringify(value));

function unknownKey(key: string, parent: readonly string[], known: readonly string[]): string {
  const nearest = closestMatch(key, known);
  const advice = nearest === null ? `there are ${known.join(", ")}` : `did you mean ${[...parent, nearest].join(".")}?`;
  return `there is no such setting; ${advice}`;
}

function expected(node: SchemaNode | undefined, issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options))
    return issue.options.join(" | ");
  return node === undefined ? issue.message : typeText(node);
}

const objectOf = (node: SchemaNode | undefined, value: unknown): SchemaNode | undefined =>
  node !== undefined && alternatives(node).length > 0 ? chosenAlternative(node, value) : node;

function nodeAt(schema: SchemaNode, settings: unknown, path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  let value = settings;
  for (const key of path) {
    node = objectOf(node, value);
    node = node?.properties?.[key] ?? node?.items;
    value = isSettings(value) || Array.isArray(value) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return node;
}

function valueAt(settings: unknown, path: readonly string[]): unknown {
  let value = settings;
  for (const key of path) {
    if (!isSettings(value) && !Array.isArray(value)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key]; // arrays are indexed by text likewise
  }
  return value;
}
