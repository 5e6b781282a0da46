/** Nested lists of numbers: how arrays of a shape are written as JSON. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** The numbers of nested lists of exactly this shape (or of a flat list of as many), row-major; null if they are not. */
export function flattenNested(value: unknown, shape: readonly number[]): number[] | null {
  if (shape.length === 0) return typeof value === "number" ? [value] : null;
  if (!isList(value)) return null;
  const flat: number[] = [];
  return collect(value, shape, 0, flat) ? flat : null;
}

function collect(value: unknown, shape: readonly number[], depth: number, into: number[]): boolean {
  if (depth === shape.length) {
    const entry = typeof value === "boolean" ? Number(value) : value;
    if (typeof entry !== "number") return false;
    into.push(entry);
    return true;
  }
  if (!isList(value) || value.length !== shape[depth]) return false;
  return Array.from(value).every((entry) => collect(entry, shape, depth + 1, into));
}

/** Nested lists of a shape from flat values, row-major; the value itself for the empty shape. */
export function nest<T>(flat: readonly T[], shape: readonly number[]): unknown {
  if (shape.length === 0) return flat[0];
  if (shape.length === 1) return flat;
  const [count, ...rest] = shape;
  const size = rest.reduce((product, n) => product * n, 1);
  return Array.from({ length: count! }, (_, i) => nest(flat.slice(i * size, (i + 1) * size), rest));
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Shape of nested lists, read off their first entries. */
export function shapeOfNested(value: unknown): number[] {
  return isList(value) ? [value.length, ...shapeOfNested(value[0])] : [];
}
