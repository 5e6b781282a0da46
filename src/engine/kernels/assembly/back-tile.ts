// Tiles of dz · transpose(W) whose two rows are added to two places that may overlap. d1 is 0 where there is no second row.
import { multiplyAdd } from "./multiply-add";

export function backTile2x16(a: usize, p: usize, panelBytes: usize, depth: i32, d0: usize, d1: usize): void {
  const zero = f32x4.splat(0);
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero, t0 = zero, t1 = zero, t2 = zero, t3 = zero;
  let q = p + panelBytes;
  for (; depth > 0; depth -= 2) {
    let b0 = v128.load(p), b1 = v128.load(p, 16), b2 = v128.load(q), b3 = v128.load(q, 16);
    let x = v128.load32_splat(a);
    s0 = multiplyAdd(x, b0, s0);
    s1 = multiplyAdd(x, b1, s1);
    s2 = multiplyAdd(x, b2, s2);
    s3 = multiplyAdd(x, b3, s3);
    x = v128.load32_splat(a, 4);
    t0 = multiplyAdd(x, b0, t0);
    t1 = multiplyAdd(x, b1, t1);
    t2 = multiplyAdd(x, b2, t2);
    t3 = multiplyAdd(x, b3, t3);
    if (depth == 1) break; // and so the compiler keeps the two steps apart: see tile.ts
    b0 = v128.load(p, 32); b1 = v128.load(p, 48); b2 = v128.load(q, 32); b3 = v128.load(q, 48);
    x = v128.load32_splat(a, 8);
    s0 = multiplyAdd(x, b0, s0);
    s1 = multiplyAdd(x, b1, s1);
    s2 = multiplyAdd(x, b2, s2);
    s3 = multiplyAdd(x, b3, s3);
    x = v128.load32_splat(a, 12);
    t0 = multiplyAdd(x, b0, t0);
    t1 = multiplyAdd(x, b1, t1);
    t2 = multiplyAdd(x, b2, t2);
    t3 = multiplyAdd(x, b3, t3);
    a += 16; p += 64; q += 64;
  }
  addTo(d0, s0); addTo(d0 + 16, s1); addTo(d0 + 32, s2); addTo(d0 + 48, s3);
  if (d1 == 0) return;
  addTo(d1, t0); addTo(d1 + 16, t1); addTo(d1 + 32, t2); addTo(d1 + 48, t3);
}

/** The first `width` of 8 columns. */
export function backTile2x8(a: usize, p: usize, depth: i32, d0: usize, d1: usize, width: i32): void {
  const zero = f32x4.splat(0);
  let s0 = zero, s1 = zero, t0 = zero, t1 = zero;
  for (; depth > 0; depth--) {
    const b0 = v128.load(p), b1 = v128.load(p, 16);
    let x = v128.load32_splat(a);
    s0 = multiplyAdd(x, b0, s0);
    s1 = multiplyAdd(x, b1, s1);
    x = v128.load32_splat(a, 4);
    t0 = multiplyAdd(x, b0, t0);
    t1 = multiplyAdd(x, b1, t1);
    a += 8; p += 32;
  }
  addPart(d0, s0, s1, width);
  if (d1) addPart(d1, t0, t1, width);
}

// @ts-ignore: decorator
@inline
function addTo(d: usize, x: v128): void {
  v128.store(d, f32x4.add(v128.load(d), x));
}

function addPart(d: usize, low: v128, high: v128, width: i32): void {
  if (width >= 4) {
    addTo(d, low);
    low = high;
    d += 16;
    width -= 4;
  }
  if (width > 0) store<f32>(d, load<f32>(d) + f32x4.extract_lane(low, 0));
  if (width > 1) store<f32>(d, load<f32>(d, 4) + f32x4.extract_lane(low, 1), 4);
  if (width > 2) store<f32>(d, load<f32>(d, 8) + f32x4.extract_lane(low, 2), 8);
  if (width > 3) store<f32>(d, load<f32>(d, 12) + f32x4.extract_lane(low, 3), 12);
}
