import { z } from "zod";
import { ConfigError } from "../errors.ts";

/** One setting that is searched: a range of numbers, or a list of choices. */
export const Dimension = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("range"),
      low: z.number(),
      high: z.number(),
      isLog: z.boolean().describe("even on a logarithmic scale"),
      isInteger: z.boolean(),
    })
    .readonly(),
  z.strictObject({ kind: z.literal("choice"), options: z.array(z.json()).min(1).readonly() }).readonly(),
]);
/** See the schema of the same name. */
export type Dimension = z.infer<typeof Dimension>;

/** Dimensions by dotted setting. */
export const SearchSpace = z.record(z.string(), Dimension);
/** See the schema of the same name. */
export type SearchSpace = Readonly<z.infer<typeof SearchSpace>>;

/** A value for every dimension. */
export type Parameters = Readonly<Record<string, z.core.util.JSONType>>;

/**
 * Reads `path=lo..hi`, `path=lo..hi:log`, or `path=a,b,c`. Ranges between two whole numbers hold whole
 * numbers; write 1.0..8.0 for fractions. Throws ConfigError `bad-space`.
 */
export function parseDimension(text: string): readonly [path: string, Dimension] {
  const at = text.indexOf("=");
  const [path, value] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || value === "") throw badSpace(text, "expected path=lo..hi, path=lo..hi:log or path=a,b,c");
  const range = /^(?<low>[^.,:]*(?:\.\d+)?(?:e[+-]?\d+)?)\.\.(?<high>[^:,]+?)(?<log>:log)?$/i.exec(value)?.groups;
  return [path, range === undefined ? choices(value) : numbers(text, range as Record<"low" | "high" | "log", string>)];
}

const choices = (value: string): Dimension => ({ kind: "choice", options: value.split(",").map(jsonOrText) });

function numbers(text: string, groups: Readonly<Record<"low" | "high" | "log", string | undefined>>): Dimension {
  const [low, high] = [groups.low, groups.high].map((number) => (number?.trim() ? Number(number) : NaN)) as [
    number,
    number,
  ];
  const isLog = groups.log !== undefined;
  if (!(low < high)) throw badSpace(text, "expected two numbers that count up, such as 1e-4..1e-2");
  if (isLog && low <= 0) throw badSpace(text, "a logarithmic range must lie above 0");
  const isInteger = [groups.low, groups.high].every((number) => /^[+-]?\d+$/.test(number ?? ""));
  return { kind: "range", low, high, isLog, isInteger };
}

const badSpace = (text: string, why: string): ConfigError => new ConfigError("bad-space", `--space ${text}: ${why}`);

function jsonOrText(text: string): z.core.util.JSONType {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value at a place in [0, 1] of a dimension; choices lie side by side. */
export function valueAt(dimension: Dimension, place: number): z.core.util.JSONType {
  if (dimension.kind === "choice")
    return dimension.options[Math.min(dimension.options.length - 1, Math.floor(place * dimension.options.length))]!;
  const { isLog, isInteger } = dimension;
  const [low, high] = edges(dimension);
  const inside = isLog ? Math.exp(low + place * (high - low)) : low + place * (high - low);
  if (!isInteger) return Number(Math.min(dimension.high, Math.max(dimension.low, inside)).toPrecision(6));
  return Math.min(dimension.high, Math.max(dimension.low, Math.round(inside)));
}

/** Place in [0, 1] of a value of a range. */
export function placeOf(dimension: Extract<Dimension, { kind: "range" }>, value: number): number {
  const [low, high] = edges(dimension);
  return ((dimension.isLog ? Math.log(value) : value) - low) / (high - low);
}

/** Ends of a range on its scale; whole numbers get half a number on each side, so that the outer ones are as likely as the others. */
function edges({ low, high, isLog, isInteger }: Extract<Dimension, { kind: "range" }>): readonly [number, number] {
  const [from, to] = isInteger ? [low - 0.5, high + 0.5] : [low, high];
  return isLog ? [Math.log(Math.max(from, Number.MIN_VALUE)), Math.log(to)] : [from, to];
}

/** Values for every dimension from a place in [0, 1) for each. */
export const valuesAt = (space: SearchSpace, place: () => number): Parameters =>
  Object.fromEntries(Object.entries(space).map(([path, dimension]) => [path, valueAt(dimension, place())]));
