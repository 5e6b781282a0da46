// Tiles of C = A · B held in registers while they are summed: every entry is one sum in ascending order of K whatever tile it falls in.
//
// strip: two rows of A, [depth][2]. panel: 8 columns of B, [depth][8]. mode: where sums start: 0 zero, 1 what C holds, 2 bias.
// Results below `floor` become `floor`: zero for ReLU, -Infinity for none.
//
// Loops do two steps of K per turn, left in the middle where K is odd. The compiler keeps the order of what it finds on either side of a
// branch; unrolled without one it would move all loads to the front and run out of registers.
import { STRIPS } from "./blocks";
import { multiplyAdd } from "./multiply-add";

/** Below every number. */
export const NO_FLOOR: f32 = -f32.MAX_VALUE * 2;

// @ts-ignore: decorator
@inline
export function begin(c: usize, bias: usize, mode: i32): v128 {
  return mode == 0 ? f32x4.splat(0) : mode == 1 ? v128.load(c) : v128.load(bias);
}

/** C[rows, N] from the packed strips of A and panels `panelBytes` apart, N a multiple of 4. */
export function blockOfTiles(
  panels: usize, panelBytes: usize, c: usize, strideC: usize, rows: i32, N: i32, depth: i32, mode: i32, bias: usize, floor: v128,
): void {
  const stripBytes = <usize>depth << 3;
  let n = 0;
  // fused multiply-add leaves registers free, and then 4 x 8 is the faster tile
  for (; !ASC_FEATURE_RELAXED_SIMD && n + 16 <= N; n += 16) {
    const biasAt = bias + (<usize>n << 2);
    let strip = STRIPS;
    let to = c + (<usize>n << 2);
    for (let m = 0; m < rows; m += 2) {
      tile2x16(strip, panels, panelBytes, to, strideC, rows - m, depth, mode, biasAt, floor);
      strip += stripBytes;
      to += strideC << 1;
    }
    panels += panelBytes << 1;
  }
  for (; n < N; n += 8) {
    const biasAt = bias + (<usize>n << 2);
    let strip = STRIPS;
    let to = c + (<usize>n << 2);
    for (let m = 0; m < rows; m += 4) {
      if (n + 8 <= N) tile4x8(strip, stripBytes, panels, to, strideC, rows - m, depth, mode, biasAt, floor);
      else tile4x4(strip, stripBytes, panels, to, strideC, rows - m, depth, mode, biasAt, floor);
      strip += stripBytes << 1;
      to += strideC << 2;
    }
    panels += panelBytes;
  }
}

/** The first min(rows, 2) rows, 16 columns. */
function tile2x16(
  a: usize, p: usize, panelBytes: usize, c: usize, strideC: usize, rows: i32, depth: i32, mode: i32, bias: usize, floor: v128,
): void {
  const d = rows > 1 ? c + strideC : c;
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  let s2 = begin(c + 32, bias + 32, mode), s3 = begin(c + 48, bias + 48, mode);
  let t0 = begin(d, bias, mode), t1 = begin(d + 16, bias + 16, mode);
  let t2 = begin(d + 32, bias + 32, mode), t3 = begin(d + 48, bias + 48, mode);
  let q = p + panelBytes;
  while (true) {
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
    if (depth == 1) break;
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
    depth -= 2;
    if (depth == 0) break;
    a += 16; p += 64; q += 64;
  }
  v128.store(c, f32x4.pmax(s0, floor)); v128.store(c, f32x4.pmax(s1, floor), 16);
  v128.store(c, f32x4.pmax(s2, floor), 32); v128.store(c, f32x4.pmax(s3, floor), 48);
  if (rows == 1) return;
  v128.store(d, f32x4.pmax(t0, floor)); v128.store(d, f32x4.pmax(t1, floor), 16);
  v128.store(d, f32x4.pmax(t2, floor), 32); v128.store(d, f32x4.pmax(t3, floor), 48);
}

/** The first min(rows, 4) rows, 8 columns, from two strips. */
function tile4x8(
  a: usize, stripBytes: usize, p: usize, c: usize, strideC: usize, rows: i32, depth: i32, mode: i32, bias: usize, floor: v128,
): void {
  const c1 = rows > 1 ? c + strideC : c, c2 = rows > 2 ? c1 + strideC : c, c3 = rows > 3 ? c2 + strideC : c;
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  let t0 = begin(c1, bias, mode), t1 = begin(c1 + 16, bias + 16, mode);
  let u0 = begin(c2, bias, mode), u1 = begin(c2 + 16, bias + 16, mode);
  let v0 = begin(c3, bias, mode), v1 = begin(c3 + 16, bias + 16, mode);
  let b = rows > 2 ? a + stripBytes : a;
  while (true) {
    let b0 = v128.load(p), b1 = v128.load(p, 16);
    let x = v128.load32_splat(a);
    s0 = multiplyAdd(x, b0, s0);
    s1 = multiplyAdd(x, b1, s1);
    x = v128.load32_splat(a, 4);
    t0 = multiplyAdd(x, b0, t0);
    t1 = multiplyAdd(x, b1, t1);
    x = v128.load32_splat(b);
    u0 = multiplyAdd(x, b0, u0);
    u1 = multiplyAdd(x, b1, u1);
    x = v128.load32_splat(b, 4);
    v0 = multiplyAdd(x, b0, v0);
    v1 = multiplyAdd(x, b1, v1);
    if (depth == 1) break;
    b0 = v128.load(p, 32); b1 = v128.load(p, 48);
    x = v128.load32_splat(a, 8);
    s0 = multiplyAdd(x, b0, s0);
    s1 = multiplyAdd(x, b1, s1);
    x = v128.load32_splat(a, 12);
    t0 = multiplyAdd(x, b0, t0);
    t1 = multiplyAdd(x, b1, t1);
    x = v128.load32_splat(b, 8);
    u0 = multiplyAdd(x, b0, u0);
    u1 = multiplyAdd(x, b1, u1);
    x = v128.load32_splat(b, 12);
    v0 = multiplyAdd(x, b0, v0);
    v1 = multiplyAdd(x, b1, v1);
    depth -= 2;
    if (depth == 0) break;
    a += 16; b += 16; p += 64;
  }
  v128.store(c, f32x4.pmax(s0, floor)); v128.store(c, f32x4.pmax(s1, floor), 16);
  if (rows == 1) return;
  v128.store(c1, f32x4.pmax(t0, floor)); v128.store(c1, f32x4.pmax(t1, floor), 16);
  if (rows == 2) return;
  v128.store(c2, f32x4.pmax(u0, floor)); v128.store(c2, f32x4.pmax(u1, floor), 16);
  if (rows == 3) return;
  v128.store(c3, f32x4.pmax(v0, floor)); v128.store(c3, f32x4.pmax(v1, floor), 16);
}

/** The first min(rows, 4) rows, 4 columns. */
function tile4x4(
  a: usize, stripBytes: usize, p: usize, c: usize, strideC: usize, rows: i32, depth: i32, mode: i32, bias: usize, floor: v128,
): void {
  const c1 = rows > 1 ? c + strideC : c, c2 = rows > 2 ? c1 + strideC : c, c3 = rows > 3 ? c2 + strideC : c;
  let s = begin(c, bias, mode), t = begin(c1, bias, mode), u = begin(c2, bias, mode), v = begin(c3, bias, mode);
  let b = rows > 2 ? a + stripBytes : a;
  for (; depth > 0; depth--) {
    const x = v128.load(p);
    s = multiplyAdd(v128.load32_splat(a), x, s);
    t = multiplyAdd(v128.load32_splat(a, 4), x, t);
    u = multiplyAdd(v128.load32_splat(b), x, u);
    v = multiplyAdd(v128.load32_splat(b, 4), x, v);
    a += 8; b += 8; p += 32;
  }
  v128.store(c, f32x4.pmax(s, floor));
  if (rows > 1) v128.store(c1, f32x4.pmax(t, floor));
  if (rows > 2) v128.store(c2, f32x4.pmax(u, floor));
  if (rows > 3) v128.store(c3, f32x4.pmax(v, floor));
}
