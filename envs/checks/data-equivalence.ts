import { dtypeOf } from "../spaces/dtype.ts";

/** Whether two values are of the same types and hold the same (within 1e-5 relative and 1e-8 absolute, or exactly). NaN differs from NaN. */
export function dataEquivalence(a: unknown, b: unknown, exact = false): boolean {
  if (typeof a !== typeof b) return false;
  if (typeof a === "number") return exact ? a === b : isClose(a, b as number);
  if (typeof a !== "object" || a === null || b === null) return a === b;
  if (dtypeOf(a) !== dtypeOf(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  if (dtypeOf(a) !== null || Array.isArray(a)) {
    const [x, y] = [Array.from(a as ArrayLike<unknown>), Array.from(b as ArrayLike<unknown>)];
    return x.length === y.length && x.every((value, i) => dataEquivalence(value, y[i], exact));
  }
  const [x, y] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length && keys.every((key) => key in y && dataEquivalence(x[key], y[key], exact))
  );
}

function isClose(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-8 + 1e-5 * Math.abs(b);
}
