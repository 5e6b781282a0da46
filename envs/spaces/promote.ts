import { canCast, kindOf, widthOf } from "./dtype.ts";
import type { DType } from "./dtype.ts";

/** The smallest type that holds the values of both (numpy's result_type). */
export function promote(a: DType, b: DType): DType {
  if (canCast(a, b)) return b;
  if (canCast(b, a)) return a;
  const isFloat = kindOf(a) === "f" || kindOf(b) === "f";
  if (isFloat) return "float64";
  // A signed and an unsigned integer: the next wider signed one.
  const width = 2 * Math.max(...[a, b].map((dtype) => (kindOf(dtype) === "u" ? widthOf(dtype) : 0)));
  return width > 64 ? "float64" : (`int${width}` as DType); // 16, 32 or 64
}
