// Elementwise functions over flat vectors whose length is a multiple of 4.
import { erf4, exp4, log4, sigmoid4, tanh4 } from "./math";

const IDENTITY: i32 = 0;
const TANH: i32 = 1;
const RELU: i32 = 2;
const SIGMOID: i32 = 3;
const LECUN_TANH: i32 = 4;
const SILU: i32 = 5;
const GELU: i32 = 6;

// lecun_tanh(x) = LECUN_SCALE * tanh(LECUN_SLOPE * x)
const LECUN_SCALE: f32 = 1.7159;
const LECUN_SLOPE: f32 = 0.666;
const SQRT_HALF: f32 = 0.70710678;
/** 1 / sqrt(2 pi), of the normal density */
const DENSITY: f32 = 0.39894228;

export function activate(x: usize, y: usize, n: i32, kind: i32): void {
  const end = x + (<usize>n << 2);
  switch (kind) {
    case IDENTITY:
      if (x != y) memory.copy(y, x, <usize>n << 2);
      return;
    case TANH:
      // two at a time, so that one's sums run while the other's wait
      for (; x + 16 < end; x += 32, y += 32) {
        const a = tanh4(v128.load(x)), b = tanh4(v128.load(x, 16));
        v128.store(y, a);
        v128.store(y, b, 16);
      }
      if (x < end) v128.store(y, tanh4(v128.load(x)));
      return;
    case RELU:
      // max(0, x) that lets NaN through
      for (; x < end; x += 16, y += 16) v128.store(y, f32x4.pmax(v128.load(x), f32x4.splat(0)));
      return;
    case SIGMOID:
      for (; x < end; x += 16, y += 16) v128.store(y, sigmoid4(v128.load(x)));
      return;
    case LECUN_TANH:
      for (; x < end; x += 16, y += 16) {
        const z = tanh4(f32x4.mul(v128.load(x), f32x4.splat(LECUN_SLOPE)));
        v128.store(y, f32x4.mul(z, f32x4.splat(LECUN_SCALE)));
      }
      return;
    case SILU:
      for (; x < end; x += 16, y += 16) {
        const z = v128.load(x);
        v128.store(y, f32x4.mul(z, sigmoid4(z)));
      }
      return;
    case GELU:
      for (; x < end; x += 16, y += 16) {
        const z = v128.load(x);
        v128.store(y, f32x4.mul(z, normalCdf(z)));
      }
      return;
    default:
      unreachable();
  }
}

// @ts-ignore: decorator
@inline
function normalCdf(z: v128): v128 {
  const half = f32x4.splat(0.5);
  return f32x4.add(half, f32x4.mul(half, erf4(f32x4.mul(z, f32x4.splat(SQRT_HALF)))));
}

/** saved: the output for identity, tanh, relu, sigmoid, lecun_tanh; the input for silu and gelu. */
export function activateBackward(dy: usize, saved: usize, n: i32, kind: i32): void {
  const end = dy + (<usize>n << 2);
  const one = f32x4.splat(1);
  switch (kind) {
    case IDENTITY:
      return;
    case TANH:
      for (; dy < end; dy += 16, saved += 16) {
        const y = v128.load(saved);
        v128.store(dy, f32x4.mul(v128.load(dy), f32x4.sub(one, f32x4.mul(y, y))));
      }
      return;
    case RELU:
      for (; dy < end; dy += 16, saved += 16)
        v128.store(dy, v128.and(v128.load(dy), f32x4.gt(v128.load(saved), f32x4.splat(0))));
      return;
    case SIGMOID:
      for (; dy < end; dy += 16, saved += 16) {
        const y = v128.load(saved);
        v128.store(dy, f32x4.mul(v128.load(dy), f32x4.mul(y, f32x4.sub(one, y))));
      }
      return;
    case LECUN_TANH:
      // y = A tanh(s x): dy/dx = s (A - y² / A)
      for (; dy < end; dy += 16, saved += 16) {
        const y = v128.load(saved);
        const slope = f32x4.sub(
          f32x4.splat(LECUN_SCALE * LECUN_SLOPE),
          f32x4.mul(f32x4.mul(y, y), f32x4.splat(LECUN_SLOPE / LECUN_SCALE)),
        );
        v128.store(dy, f32x4.mul(v128.load(dy), slope));
      }
      return;
    case SILU:
      for (; dy < end; dy += 16, saved += 16) {
        const x = v128.load(saved);
        const s = sigmoid4(x);
        const slope = f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s))));
        v128.store(dy, f32x4.mul(v128.load(dy), slope));
      }
      return;
    case GELU:
      for (; dy < end; dy += 16, saved += 16) {
        const x = v128.load(saved);
        const density = f32x4.mul(f32x4.splat(DENSITY), exp4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))));
        v128.store(dy, f32x4.mul(v128.load(dy), f32x4.add(normalCdf(x), f32x4.mul(x, density))));
      }
      return;
    default:
      unreachable();
  }
}

export function exp(x: usize, y: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, exp4(v128.load(x)));
}

export function log(x: usize, y: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, log4(v128.load(x)));
}

/** log(1 + exp(x)), in a form that cannot overflow. */
export function softplus(x: usize, y: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  for (; x < end; x += 16, y += 16) {
    const v = v128.load(x);
    const tail = log4(f32x4.add(f32x4.splat(1), exp4(f32x4.neg(f32x4.abs(v)))));
    v128.store(y, f32x4.add(f32x4.pmax(v, f32x4.splat(0)), tail));
  }
}
