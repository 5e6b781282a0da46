// Elementary functions on four numbers at once. Ours, so that results are the same on every machine. NaN comes out as NaN.

// @ts-ignore: decorator
@inline
function mulAdd(a: v128, b: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(a, b), f32x4.splat(c));
}

/** Keeps x in [lo, hi]; pmin and pmax are single instructions and, in this order, let NaN through. */
// @ts-ignore: decorator
@inline
export function clamp(x: v128, lo: f32, hi: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(hi)), f32x4.splat(lo));
}

/**
 * tanh as x P(x²) / Q(x²), degree 13 over 6, coefficients fitted by us to least relative error on |x| <= 9 (Lawson iteration), where tanh
 * is 1 in float32. Error against float64 tanh: 3.4e-7. |result| <= 1, and exactly 1 from 9 on, so that saturated gradients are exactly zero.
 */
// @ts-ignore: decorator
@inline
export function tanh4(v: v128): v128 {
  const x = clamp(v, -9, 9);
  const u = f32x4.mul(x, x);
  let p = mulAdd(f32x4.splat(-8.488672472e-14), u, 5.277933958e-11);
  p = mulAdd(p, u, -2.022519732e-8);
  p = mulAdd(p, u, 1.115430181e-5);
  p = mulAdd(p, u, 3.103955644e-3);
  p = mulAdd(p, u, 1.308400961e-1);
  p = mulAdd(p, u, 9.999999934e-1);
  let q = mulAdd(f32x4.splat(2.546144359e-4), u, 2.449517618e-2);
  q = mulAdd(q, u, 4.641733671e-1);
  q = mulAdd(q, u, 1);
  return clamp(f32x4.div(f32x4.mul(x, p), q), -1, 1);
}

/** 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2; error 1.9e-7. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return f32x4.add(half, f32x4.mul(half, tanh4(f32x4.mul(half, x))));
}

/** exp(x): 2^n times a polynomial on |r| <= ln(2) / 2; relative error 2e-7. x is kept in [-87, 88], so results stay finite and positive. */
// @ts-ignore: decorator
@inline
export function exp4(v: v128): v128 {
  const x = clamp(v, -87, 88);
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // ln 2 in two parts: the first has trailing zeros, so n times it is exact
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, f32x4.splat(2.12194440e-4)));
  let p = mulAdd(f32x4.splat(1.0 / 5040.0), r, 1.0 / 720.0);
  p = mulAdd(p, r, 1.0 / 120.0);
  p = mulAdd(p, r, 1.0 / 24.0);
  p = mulAdd(p, r, 1.0 / 6.0);
  p = mulAdd(p, r, 0.5);
  p = mulAdd(p, r, 1);
  p = mulAdd(p, r, 1);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** Natural logarithm of positive normal numbers: mantissa in [0.71, 1.41), s = (m - 1) / (m + 1), odd series in s; relative error 2e-7. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const SQRT_HALF_BITS = 0x3f3504f3;
  const offset = i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const mantissa = i32x4.add(v128.and(offset, i32x4.splat(0x007fffff)), i32x4.splat(SQRT_HALF_BITS));
  const one = f32x4.splat(1);
  const s = f32x4.div(f32x4.sub(mantissa, one), f32x4.add(mantissa, one));
  const u = f32x4.mul(s, s);
  let p = mulAdd(f32x4.splat(2.0 / 9.0), u, 2.0 / 7.0);
  p = mulAdd(p, u, 2.0 / 5.0);
  p = mulAdd(p, u, 2.0 / 3.0);
  const small = f32x4.add(f32x4.mul(f32x4.mul(s, u), p), f32x4.add(s, s));
  const low = f32x4.sub(small, f32x4.mul(exponent, f32x4.splat(2.12194440e-4)));
  const result = f32x4.add(low, f32x4.mul(exponent, f32x4.splat(0.693359375)));
  // NaN and numbers below the smallest normal one (negative ones too) have no logarithm here
  const isNormal = f32x4.ge(x, f32x4.splat(1.17549435e-38));
  return v128.bitselect(result, f32x4.splat(f32.NaN), isNormal);
}

/** erf(x), error 2e-7. Abramowitz and Stegun 7.1.26. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const a = f32x4.abs(x);
  const t = f32x4.div(f32x4.splat(1), mulAdd(a, f32x4.splat(0.3275911), 1));
  let p = mulAdd(f32x4.splat(1.061405429), t, -1.453152027);
  p = mulAdd(p, t, 1.421413741);
  p = mulAdd(p, t, -0.284496736);
  p = mulAdd(p, t, 0.254829592);
  const e = exp4(f32x4.neg(f32x4.mul(a, a)));
  const y = f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.mul(p, t), e));
  return v128.bitselect(f32x4.neg(y), y, f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

// @ts-ignore: decorator
@inline
export function log1(x: f32): f32 {
  return f32x4.extract_lane(log4(f32x4.splat(x)), 0);
}

/** Sum of the four lanes, in pairs. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2) + (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3));
}
