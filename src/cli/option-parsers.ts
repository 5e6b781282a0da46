import { InvalidArgumentError } from "commander";
import type { Settings } from "../settings/settings-schema.ts";

/** A whole number ≥ `least`. */
export const integer =
  (least: number) =>
  (text: string): number => {
    const value = /^[+-]?\d[\d_]*$/.test(text) ? Number(text.replaceAll("_", "")) : NaN;
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number ≥ ${least}.`);
    return value;
  };

/** A whole number ≥ 1, or `none`: infinity. */
export function limit(text: string): number {
  if (text === "none") return Infinity;
  const value = integer(0)(text);
  if (value === 0) throw new InvalidArgumentError("Expected a whole number ≥ 1, or none.");
  return value;
}

/** Seeds `A..B`, both included, or a list `1,5,9`. */
export function seedRange(text: string): readonly number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text);
  if (range === null && !/^\d+(,\d+)*$/.test(text))
    throw new InvalidArgumentError("Expected a range such as 0..9, or a list such as 1,5,9.");
  if (range === null) return text.split(",").map(Number);
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (to < from || to - from >= 1000)
    throw new InvalidArgumentError("Expected a range that counts up, of at most 1000 seeds.");
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** A number ≥ 0. */
export function nonNegative(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new InvalidArgumentError("Expected a number ≥ 0.");
  return value;
}

/** A TCP port; 0 is any free one. */
export function port(text: string): number {
  const value = integer(0)(text);
  if (value > 65_535) throw new InvalidArgumentError("Expected a port, 0 to 65535.");
  return value;
}

/** `latest`, `best` or the step of a checkpoint. */
export function checkpointChoice(text: string): "latest" | "best" | number {
  if (text === "latest" || text === "best") return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected latest, best, or the step of a checkpoint.");
}

/** Collects an option that may be given several times. */
export const collect = (text: string, previous: readonly string[] = []): readonly string[] => [...previous, text];

/** Collects `key=value` pairs; a value is JSON where it reads as JSON, else text. */
export function keyValue(text: string, previous: Settings = {}): Settings {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  return { ...previous, [text.slice(0, at)]: jsonOrText(text.slice(at + 1)) };
}

/** A value as JSON where it reads as JSON, else as text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
