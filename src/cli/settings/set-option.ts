import { closestMatch } from "gymnasium-js";
import { ConfigError } from "../../errors.ts";
import {
  type SchemaNode,
  type Settings,
  alternatives,
  chosenAlternative,
  defaultKind,
  isSettings,
  kindOf,
  typeText,
} from "../../settings/settings-schema.ts";

/** `a.b=value` taken apart. The value is JSON where it reads as JSON, else text. */
export interface Assignment {
  /** as it was given */
  readonly text: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Takes `a.b=value` apart. Throws ConfigError `bad-assignment`. */
export function parseAssignment(text: string): Assignment {
  const at = text.indexOf("=");
  const path = text.slice(0, at).split(".");
  if (at < 1 || path.includes(""))
    throw new ConfigError("bad-assignment", `"${text}": expected name=value, for example algo.gamma=0.99`);
  return { text, path, value: jsonOrText(text.slice(at + 1)) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Settings with one value changed; the rest is untouched. `schema` describes the whole.
 *
 * Throws ConfigError `unknown-setting` naming the nearest one. The value's type is checked later, with everything else.
 */
export function applyAssignment(schema: SchemaNode, settings: Settings, { path, value, text }: Assignment): Settings {
  return set(schema, settings, path, value, { text, done: [] });
}

interface Place {
  readonly text: string;
  /** path walked so far */
  readonly done: readonly string[];
}

function set(node: SchemaNode, settings: unknown, path: readonly string[], value: unknown, place: Place): Settings {
  const [name, ...rest] = path as readonly [string, ...string[]]; // never empty
  const current = withKind(node, isSettings(settings) ? settings : {});
  if (name === "kind" && alternatives(node).length > 0) return value === current["kind"] ? current : { kind: value };
  const child = childNode(node, current, name, place);
  const done = [...place.done, name];
  return {
    ...current,
    [name]: rest.length === 0 ? value : set(child, current[name], rest, value, { ...place, done }),
  };
}

function withKind(node: SchemaNode, settings: Settings): Settings {
  return alternatives(node).length > 0 && !("kind" in settings) ? { kind: defaultKind(node), ...settings } : settings;
}

function childNode(node: SchemaNode, settings: Settings, name: string, place: Place): SchemaNode {
  const kinds = alternatives(node);
  const object = kinds.length > 0 ? chosenAlternative(node, settings) : node;
  const child = Object.hasOwn(object?.properties ?? {}, name) ? object?.properties?.[name] : undefined;
  if (child !== undefined) return child;
  if (object?.additionalProperties !== undefined && object.additionalProperties !== false)
    return object.additionalProperties === true ? {} : object.additionalProperties;
  throw new ConfigError("unknown-setting", unknownText(node, object, settings, name, place));
}

function unknownText(
  node: SchemaNode,
  object: SchemaNode | undefined,
  settings: Settings,
  name: string,
  { text, done }: Place,
): string {
  const parent = done.join(".");
  const path = [...done, name].join(".");
  const fitting = alternatives(node).filter((alternative) => Object.hasOwn(alternative.properties ?? {}, name));
  if (fitting.length > 0)
    return `--set ${text}: ${parent} is of kind ${settings["kind"]}, which has no ${name}; first --set ${parent}.kind=${kindOf(fitting[0]!)}`;
  const known = Object.keys(object?.properties ?? {});
  if (known.length === 0) return `--set ${text}: ${parent} is a single value (${typeText(node)})`;
  const nearest = closestMatch(name, known);
  const advice = nearest === null ? `there are ${known.join(", ")}` : `did you mean ${[...done, nearest].join(".")}?`;
  return `--set ${text}: there is no setting ${path}; ${advice}`;
}
