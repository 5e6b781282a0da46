/** A call written as in Python: `name(a, key=b)[:k]`, arguments as values. */
export interface PythonCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
  /** k of a trailing `[:k]`. */
  readonly take: number | null;
}

/** Reads a call such as `choice([-1, 1, 1], size=4, replace=False)[:50]`; null if the text is none. */
export function parsePythonCall(text: string): PythonCall | null {
  const found = /^(\w+)\((.*)\)(?:\[:(\d+)\])?$/.exec(text.trim());
  if (!found) return null;
  const parts = splitTopLevel(found[2]!);
  const isNamed = (part: string): boolean => /^\w+\s*=/.test(part);
  const named = parts.filter(isNamed).map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, at).trim(), pythonValue(part.slice(at + 1))] as const;
  });
  return {
    name: found[1]!,
    args: parts.filter((part) => !isNamed(part)).map(pythonValue),
    named: Object.fromEntries(named),
    take: found[3] === undefined ? null : Number(found[3]),
  };
}

/** A Python literal as golden files write it: numbers, powers, booleans, lists, `list(n)` and `arange(n)` for 0..n-1, `[a..b]`, names as text. */
export function pythonValue(text: string): unknown {
  const t = text.trim();
  const power = /^(-?\d+)\*\*(\d+)$/.exec(t);
  if (power) return Number(power[1]) ** Number(power[2]);
  const range = /^(?:list|arange|range|list\(range)\(([\d.]+)\)+$/.exec(t);
  if (range) return Array.from({ length: Number(range[1]) }, (_, i) => i);
  const span = /^\[(-?\d+)\.\.(-?\d+)\]$/.exec(t);
  if (span) return Array.from({ length: Number(span[2]) - Number(span[1]) + 1 }, (_, i) => Number(span[1]) + i);
  if (t.startsWith("[")) return splitTopLevel(t.slice(1, -1)).map(pythonValue);
  if (t === "True" || t === "False") return t === "True";
  return t !== "" && Number.isFinite(Number(t)) ? Number(t) : t;
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([".includes(text[i]!)) depth++;
    if (")]".includes(text[i]!)) depth--;
    if (text[i] === "," && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  if (text.slice(start).trim() !== "") parts.push(text.slice(start).trim());
  return parts;
}
