import { nest } from "./nested.ts";
import type { DType } from "./dtype.ts";

/** A bound as text: one number where all elements share it, otherwise a list. */
export function formatBound(bound: Float64Array, shape: readonly number[], dtype: DType): string {
  const texts = Array.from(bound, (value) => formatNumber(value, dtype));
  const [first] = texts;
  if (first !== undefined && texts.every((text) => text === first)) return first;
  return formatNested(nest(texts, shape));
}

/** A number as its type shows it: shortest digits that give the value back, floats with a point. */
export function formatNumber(value: number, dtype: DType): string {
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (dtype === "bool") return value === 0 ? "False" : "True";
  if (!dtype.startsWith("float")) return BigInt(value).toString();
  const text = dtype === "float32" ? shortestFloat32(value) : String(value);
  return Number.isInteger(value) && !text.includes("e") ? `${text}.0` : text;
}

/** The shortest decimal that rounds to the same float32. */
function shortestFloat32(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

function formatNested(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(formatNested).join(" ")}]` : String(value);
}

/** Integers as nested lists without commas. */
export function formatIntegers(values: Float64Array, shape: readonly number[]): string {
  return formatNested(nest(Array.from(values, String), shape));
}
