// C += transpose(A) · B for narrow factors, read where they lie: a block of rows of both stays in the first-level cache, and nothing is packed.
// Every entry of C is one sum in ascending order of K, as in tile.ts. Rows of C that do not exist repeat the first one, which is stored last.
import { multiplyAdd } from "./multiply-add";

/** Numbers in a row of A and of B together, at most, that this is faster for; with more, rows 64 deep leave the cache. */
export const NARROW: i32 = 128;
/** Rows of a block: 64 x 128 numbers are 32 KB. */
const DEPTH: i32 = 64;

/** C[M, N] += transpose(A[K, M]) · B[K, N]. Strides in bytes; N is a multiple of 4. */
export function addNarrowTransposed(a: usize, strideA: usize, b: usize, strideB: usize, c: usize, strideC: usize, M: i32, N: i32, K: i32): void {
  for (let k0 = 0; k0 < K; k0 += DEPTH) {
    const depth = min(DEPTH, K - k0);
    addBlock(a + <usize>k0 * strideA, strideA, b + <usize>k0 * strideB, strideB, c, strideC, M, N, depth);
  }
}

function addBlock(a: usize, strideA: usize, b: usize, strideB: usize, c: usize, strideC: usize, M: i32, N: i32, depth: i32): void {
  let n = 0;
  // fused multiply-add leaves registers free, and then 4 x 8 is the faster tile
  for (; !ASC_FEATURE_RELAXED_SIMD && n + 16 <= N; n += 16) {
    let to = c + (<usize>n << 2);
    for (let m = 0; m < M; m += 2) {
      tile2x16(a + (<usize>m << 2), strideA, b + (<usize>n << 2), strideB, to, m + 1 < M ? to + strideC : to, depth);
      to += strideC << 1;
    }
  }
  for (; n < N; n += 8) {
    let to = c + (<usize>n << 2);
    for (let m = 0; m < M; m += 4) {
      const from = a + (<usize>m << 2), at = b + (<usize>n << 2);
      if (n + 8 <= N) tile4x8(from, strideA, at, strideB, to, strideC, M - m, depth);
      else tile4x4(from, strideA, at, strideB, to, strideC, M - m, depth);
      to += strideC << 2;
    }
  }
}

function tile2x16(a: usize, strideA: usize, b: usize, strideB: usize, c: usize, d: usize, depth: i32): void {
  let s0 = v128.load(c), s1 = v128.load(c, 16), s2 = v128.load(c, 32), s3 = v128.load(c, 48);
  let t0 = v128.load(d), t1 = v128.load(d, 16), t2 = v128.load(d, 32), t3 = v128.load(d, 48);
  while (true) {
    const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
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
    if (--depth == 0) break;
    a += strideA;
    b += strideB;
  }
  v128.store(d, t0); v128.store(d, t1, 16); v128.store(d, t2, 32); v128.store(d, t3, 48);
  v128.store(c, s0); v128.store(c, s1, 16); v128.store(c, s2, 32); v128.store(c, s3, 48);
}

/** The first min(rows, 4) rows, 8 columns. */
function tile4x8(a: usize, strideA: usize, b: usize, strideB: usize, c: usize, strideC: usize, rows: i32, depth: i32): void {
  const c1 = rows > 1 ? c + strideC : c, c2 = rows > 2 ? c1 + strideC : c, c3 = rows > 3 ? c2 + strideC : c;
  let s0 = v128.load(c), s1 = v128.load(c, 16), t0 = v128.load(c1), t1 = v128.load(c1, 16);
  let u0 = v128.load(c2), u1 = v128.load(c2, 16), v0 = v128.load(c3), v1 = v128.load(c3, 16);
  while (true) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s0 = multiplyAdd(x, b0, s0);
    s1 = multiplyAdd(x, b1, s1);
    x = v128.load32_splat(a, 4);
    t0 = multiplyAdd(x, b0, t0);
    t1 = multiplyAdd(x, b1, t1);
    x = v128.load32_splat(a, 8);
    u0 = multiplyAdd(x, b0, u0);
    u1 = multiplyAdd(x, b1, u1);
    x = v128.load32_splat(a, 12);
    v0 = multiplyAdd(x, b0, v0);
    v1 = multiplyAdd(x, b1, v1);
    if (--depth == 0) break;
    a += strideA;
    b += strideB;
  }
  if (rows > 3) { v128.store(c3, v0); v128.store(c3, v1, 16); }
  if (rows > 2) { v128.store(c2, u0); v128.store(c2, u1, 16); }
  if (rows > 1) { v128.store(c1, t0); v128.store(c1, t1, 16); }
  v128.store(c, s0); v128.store(c, s1, 16);
}

/** The first min(rows, 4) rows, 4 columns. */
function tile4x4(a: usize, strideA: usize, b: usize, strideB: usize, c: usize, strideC: usize, rows: i32, depth: i32): void {
  const c1 = rows > 1 ? c + strideC : c, c2 = rows > 2 ? c1 + strideC : c, c3 = rows > 3 ? c2 + strideC : c;
  let s = v128.load(c), t = v128.load(c1), u = v128.load(c2), v = v128.load(c3);
  for (; depth > 0; depth--) {
    const x = v128.load(b);
    s = multiplyAdd(v128.load32_splat(a), x, s);
    t = multiplyAdd(v128.load32_splat(a, 4), x, t);
    u = multiplyAdd(v128.load32_splat(a, 8), x, u);
    v = multiplyAdd(v128.load32_splat(a, 12), x, v);
    a += strideA;
    b += strideB;
  }
  if (rows > 3) v128.store(c3, v);
  if (rows > 2) v128.store(c2, u);
  if (rows > 1) v128.store(c1, t);
  v128.store(c, s);
}
