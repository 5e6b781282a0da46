// Elementary functions on four numbers at once. Ours, so that results are the same on every machine. NaN comes out as NaN.
//
// Their constants lie in memory: V8 copies one from there to four lanes in one instruction, and needs four to build it from its bits.

// @ts-ignore: decorator
@inline
function constant(table: usize, index: i32): v128 {
  return v128.load32_splat(table + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function mulAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Keeps x in [lo, hi]; pmin and pmax are single instructions and, in this order, let NaN through. */
// @ts-ignore: decorator
@inline
function clamp(x: v128, lo: v128, hi: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, hi), lo);
}

const TANH = memory.data<f32>([
  -9, 9, -1, 1,
  // P from its highest power down
  -8.488672472e-14, 5.277933958e-11, -2.022519732e-8, 1.115430181e-5, 3.103955644e-3, 1.308400961e-1, 9.999999934e-1,
  // Q, whose constant term is 1
  2.546144359e-4, 2.449517618e-2, 4.641733671e-1,
]);

/**
 * tanh as x P(x²) / Q(x²), degree 13 over 6, coefficients fitted by us to least relative error on |x| <= 9 (Lawson iteration), where tanh
 * is 1 in float32. Error against float64 tanh: 3.4e-7. |result| <= 1, and exactly 1 from 9 on, so that saturated gradients are exactly zero.
 */
// @ts-ignore: decorator
@inline
export function tanh4(v: v128): v128 {
  const x = clamp(v, constant(TANH, 0), constant(TANH, 1));
  const u = f32x4.mul(x, x);
  let p = mulAdd(constant(TANH, 4), u, constant(TANH, 5));
  p = mulAdd(p, u, constant(TANH, 6));
  p = mulAdd(p, u, constant(TANH, 7));
  p = mulAdd(p, u, constant(TANH, 8));
  p = mulAdd(p, u, constant(TANH, 9));
  p = mulAdd(p, u, constant(TANH, 10));
  let q = mulAdd(constant(TANH, 11), u, constant(TANH, 12));
  q = mulAdd(q, u, constant(TANH, 13));
  q = mulAdd(q, u, constant(TANH, 3));
  return clamp(f32x4.div(f32x4.mul(x, p), q), constant(TANH, 2), constant(TANH, 3));
}

const HALF = memory.data<f32>([0.5]);

/** 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2; error 1.9e-7. */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  const half = constant(HALF, 0);
  return mulAdd(half, tanh4(f32x4.mul(half, x)), half);
}

const EXP = memory.data<f32>([
  -87, 88,
  // 1 / ln 2, and ln 2 in two parts: the first has trailing zeros, so n times it is exact
  1.44269504, 0.693359375, 2.12194440e-4,
  // 1 / 7! down to 1
  1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1,
]);
const EXPONENT_BIAS = memory.data<i32>([127]);

/** exp(x): 2^n times a polynomial on |r| <= ln(2) / 2; relative error 2e-7. x is kept in [-87, 88], so results stay finite and positive. */
// @ts-ignore: decorator
@inline
export function exp4(v: v128): v128 {
  const x = clamp(v, constant(EXP, 0), constant(EXP, 1));
  const n = f32x4.nearest(f32x4.mul(x, constant(EXP, 2)));
  let r = f32x4.sub(x, f32x4.mul(n, constant(EXP, 3)));
  r = f32x4.add(r, f32x4.mul(n, constant(EXP, 4)));
  let p = mulAdd(constant(EXP, 5), r, constant(EXP, 6));
  p = mulAdd(p, r, constant(EXP, 7));
  p = mulAdd(p, r, constant(EXP, 8));
  p = mulAdd(p, r, constant(EXP, 9));
  p = mulAdd(p, r, constant(EXP, 10));
  p = mulAdd(p, r, constant(EXP, 11));
  p = mulAdd(p, r, constant(EXP, 11));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), constant(EXPONENT_BIAS, 0)), 23);
  return f32x4.mul(p, power);
}

const LOG = memory.data<f32>([1, 2.0 / 9.0, 2.0 / 7.0, 2.0 / 5.0, 2.0 / 3.0, 0.693359375, 2.12194440e-4, 1.17549435e-38, f32.NaN]);

/** Natural logarithm of positive normal numbers: mantissa in [0.71, 1.41), s = (m - 1) / (m + 1), odd series in s; relative error 2e-7. */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const SQRT_HALF_BITS = 0x3f3504f3;
  const offset = i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(offset, 23));
  const mantissa = i32x4.add(v128.and(offset, i32x4.splat(0x007fffff)), i32x4.splat(SQRT_HALF_BITS));
  const one = constant(LOG, 0);
  const s = f32x4.div(f32x4.sub(mantissa, one), f32x4.add(mantissa, one));
  const u = f32x4.mul(s, s);
  let p = mulAdd(constant(LOG, 1), u, constant(LOG, 2));
  p = mulAdd(p, u, constant(LOG, 3));
  p = mulAdd(p, u, constant(LOG, 4));
  const small = mulAdd(f32x4.mul(s, u), p, f32x4.add(s, s));
  const low = f32x4.sub(small, f32x4.mul(exponent, constant(LOG, 6)));
  const result = mulAdd(exponent, constant(LOG, 5), low);
  // NaN and numbers below the smallest normal one (negative ones too) have no logarithm here
  const isNormal = f32x4.ge(x, constant(LOG, 7));
  return v128.bitselect(result, constant(LOG, 8), isNormal);
}

const ERF = memory.data<f32>([1, 0.3275911, 1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]);

/** erf(x), error 2e-7. Abramowitz and Stegun 7.1.26. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const a = f32x4.abs(x);
  const one = constant(ERF, 0);
  const t = f32x4.div(one, mulAdd(a, constant(ERF, 1), one));
  let p = mulAdd(constant(ERF, 2), t, constant(ERF, 3));
  p = mulAdd(p, t, constant(ERF, 4));
  p = mulAdd(p, t, constant(ERF, 5));
  p = mulAdd(p, t, constant(ERF, 6));
  const e = exp4(f32x4.neg(f32x4.mul(a, a)));
  const y = f32x4.sub(one, f32x4.mul(f32x4.mul(p, t), e));
  return v128.bitselect(f32x4.neg(y), y, f32x4.lt(x, f32x4.splat(0)));
}

// @ts-ignore: decorator
@inline
export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** Sum of the four lanes, in pairs. */
// @ts-ignore: decorator
@inline
export function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2) + (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3));
}
