/**
 * a · b + c. Rounded twice, the same on every machine; in the fast-math build as the processor likes it best, which is one fused operation
 * where it has one.
 */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}
