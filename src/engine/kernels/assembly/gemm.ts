// Matrix products. C is computed in tiles of 4 rows x 8 columns held in registers; B is packed in panels of 8 columns so that the inner
// loop reads it in order. Every entry of C is one sum in ascending order of K whatever tile it falls in: a row's result does not depend
// on how many other rows there are.
//
// packed: [ceil(N / 8)][K][8], missing columns zero.

/** Steps of K done before moving to the next tile: a panel of 256 x 8 numbers is 8 KB and stays in the first-level cache. */
const KC: i32 = 256;
/** Rows done per panel: 64 x 256 numbers of A are 64 KB and stay in the second-level cache. */
const MC: i32 = 64;

export function packColumns(b: usize, ldb: i32, K: i32, N: i32, packed: usize): void {
  for (let n = 0; n < N; n += 8) {
    const width = min(8, N - n);
    for (let k = 0; k < K; k++) {
      const row = b + (((<usize>k * ldb + n) as usize) << 2);
      for (let j = 0; j < 8; j++) {
        store<f32>(packed, j < width ? load<f32>(row + (<usize>j << 2)) : 0);
        packed += 4;
      }
    }
  }
}

export function packRows(b: usize, ldb: i32, K: i32, N: i32, packed: usize): void {
  for (let n = 0; n < N; n += 8) {
    const width = min(8, N - n);
    for (let k = 0; k < K; k++) {
      for (let j = 0; j < 8; j++) {
        store<f32>(packed, j < width ? load<f32>(b + ((<usize>(n + j) * ldb + k) << 2)) : 0);
        packed += 4;
      }
    }
  }
}

/** start: 0 zero, 1 what C holds, 2 bias. */
export function gemm(a: usize, lda: i32, packed: usize, c: usize, ldc: i32, M: i32, N: i32, K: i32, start: i32, bias: usize): void {
  if (K == 0) {
    startRows(c, ldc, M, N, start, bias);
    return;
  }
  const strideA = <usize>lda << 2;
  const strideC = <usize>ldc << 2;
  for (let m0 = 0; m0 < M; m0 += MC) {
    const rows = min(MC, M - m0);
    const cBlock = c + <usize>m0 * strideC;
    for (let k0 = 0; k0 < K; k0 += KC) {
      const depth = min(KC, K - k0);
      const aBlock = a + <usize>m0 * strideA + (<usize>k0 << 2);
      const mode = k0 == 0 ? start : 1;
      if (rows < 4) {
        smallBlock(aBlock, strideA, packed + (<usize>k0 << 5), <usize>K << 5, cBlock, strideC, rows, N, depth, mode, bias);
        continue;
      }
      for (let n = 0; n < N; n += 8) {
        const panel = packed + ((<usize>(n >> 3) * K + k0) << 5);
        const isWide = n + 8 <= N;
        let aRow = aBlock;
        let cRow = cBlock + (<usize>n << 2);
        const biasAt = bias + (<usize>n << 2);
        let m = 0;
        for (; m + 4 <= rows; m += 4) {
          if (isWide) tile4x8(aRow, strideA, panel, cRow, strideC, depth, mode, biasAt);
          else tile4x4(aRow, strideA, panel, cRow, strideC, depth, mode, biasAt);
          aRow += strideA << 2;
          cRow += strideC << 2;
        }
        for (; m < rows; m++) {
          if (isWide) tile1x8(aRow, panel, cRow, depth, mode, biasAt);
          else tile1x4(aRow, panel, cRow, depth, mode, biasAt);
          aRow += strideA;
          cRow += strideC;
        }
      }
    }
  }
}

/** Fewer than 4 rows: one row at a time, four panels (32 columns) together, so that eight sums run side by side. */
function smallBlock(
  a: usize, strideA: usize, packed: usize, strideP: usize, c: usize, strideC: usize, rows: i32, N: i32, depth: i32, mode: i32, bias: usize,
): void {
  for (let m = 0; m < rows; m++) {
    let n = 0;
    let panel = packed;
    for (; n + 32 <= N; n += 32) {
      tile1x32(a, panel, strideP, c + (<usize>n << 2), depth, mode, bias + (<usize>n << 2));
      panel += strideP << 2;
    }
    for (; n + 16 <= N; n += 16) {
      tile1x16(a, panel, strideP, c + (<usize>n << 2), depth, mode, bias + (<usize>n << 2));
      panel += strideP << 1;
    }
    for (; n + 8 <= N; n += 8) {
      tile1x8(a, panel, c + (<usize>n << 2), depth, mode, bias + (<usize>n << 2));
      panel += strideP;
    }
    if (n < N) tile1x4(a, panel, c + (<usize>n << 2), depth, mode, bias + (<usize>n << 2));
    a += strideA;
    c += strideC;
  }
}

function startRows(c: usize, ldc: i32, M: i32, N: i32, start: i32, bias: usize): void {
  if (start == 1) return;
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n += 4) {
      const at = <usize>n << 2;
      v128.store(c + ((<usize>m * ldc) << 2) + at, start == 2 ? v128.load(bias + at) : f32x4.splat(0));
    }
}

// @ts-ignore: decorator
@inline
function begin(c: usize, bias: usize, mode: i32): v128 {
  return mode == 0 ? f32x4.splat(0) : mode == 1 ? v128.load(c) : v128.load(bias);
}

function tile4x8(a: usize, strideA: usize, panel: usize, c: usize, strideC: usize, depth: i32, mode: i32, bias: usize): void {
  const c1 = c + strideC;
  const c2 = c1 + strideC;
  const c3 = c2 + strideC;
  let s00 = begin(c, bias, mode), s01 = begin(c + 16, bias + 16, mode);
  let s10 = begin(c1, bias, mode), s11 = begin(c1 + 16, bias + 16, mode);
  let s20 = begin(c2, bias, mode), s21 = begin(c2 + 16, bias + 16, mode);
  let s30 = begin(c3, bias, mode), s31 = begin(c3 + 16, bias + 16, mode);
  let a0 = a, a1 = a + strideA, a2 = a1 + strideA, a3 = a2 + strideA;
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a0);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a0 += 4; a1 += 4; a2 += 4; a3 += 4;
    panel += 32;
  }
  v128.store(c, s00); v128.store(c, s01, 16);
  v128.store(c1, s10); v128.store(c1, s11, 16);
  v128.store(c2, s20); v128.store(c2, s21, 16);
  v128.store(c3, s30); v128.store(c3, s31, 16);
}

function tile4x4(a: usize, strideA: usize, panel: usize, c: usize, strideC: usize, depth: i32, mode: i32, bias: usize): void {
  const c1 = c + strideC;
  const c2 = c1 + strideC;
  const c3 = c2 + strideC;
  let s0 = begin(c, bias, mode), s1 = begin(c1, bias, mode), s2 = begin(c2, bias, mode), s3 = begin(c3, bias, mode);
  let a0 = a, a1 = a + strideA, a2 = a1 + strideA, a3 = a2 + strideA;
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const b = v128.load(panel);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(a0), b));
    s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(a1), b));
    s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(a2), b));
    s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(a3), b));
    a0 += 4; a1 += 4; a2 += 4; a3 += 4;
    panel += 32;
  }
  v128.store(c, s0); v128.store(c1, s1); v128.store(c2, s2); v128.store(c3, s3);
}

function tile1x32(a: usize, panel: usize, strideP: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let p0 = panel, p1 = panel + strideP, p2 = p1 + strideP, p3 = p2 + strideP;
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  let s2 = begin(c + 32, bias + 32, mode), s3 = begin(c + 48, bias + 48, mode);
  let s4 = begin(c + 64, bias + 64, mode), s5 = begin(c + 80, bias + 80, mode);
  let s6 = begin(c + 96, bias + 96, mode), s7 = begin(c + 112, bias + 112, mode);
  const end = p0 + (<usize>depth << 5);
  while (p0 < end) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(p0)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(p0, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(p1)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(p1, 16)));
    s4 = f32x4.add(s4, f32x4.mul(x, v128.load(p2)));
    s5 = f32x4.add(s5, f32x4.mul(x, v128.load(p2, 16)));
    s6 = f32x4.add(s6, f32x4.mul(x, v128.load(p3)));
    s7 = f32x4.add(s7, f32x4.mul(x, v128.load(p3, 16)));
    a += 4; p0 += 32; p1 += 32; p2 += 32; p3 += 32;
  }
  v128.store(c, s0); v128.store(c, s1, 16); v128.store(c, s2, 32); v128.store(c, s3, 48);
  v128.store(c, s4, 64); v128.store(c, s5, 80); v128.store(c, s6, 96); v128.store(c, s7, 112);
}

function tile1x16(a: usize, panel: usize, strideP: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let p0 = panel, p1 = panel + strideP;
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  let s2 = begin(c + 32, bias + 32, mode), s3 = begin(c + 48, bias + 48, mode);
  const end = p0 + (<usize>depth << 5);
  while (p0 < end) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(p0)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(p0, 16)));
    s2 = f32x4.add(s2, f32x4.mul(x, v128.load(p1)));
    s3 = f32x4.add(s3, f32x4.mul(x, v128.load(p1, 16)));
    a += 4; p0 += 32; p1 += 32;
  }
  v128.store(c, s0); v128.store(c, s1, 16); v128.store(c, s2, 32); v128.store(c, s3, 48);
}

function tile1x8(a: usize, panel: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const x = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(x, v128.load(panel)));
    s1 = f32x4.add(s1, f32x4.mul(x, v128.load(panel, 16)));
    a += 4;
    panel += 32;
  }
  v128.store(c, s0); v128.store(c, s1, 16);
}

function tile1x4(a: usize, panel: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let s = begin(c, bias, mode);
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    s = f32x4.add(s, f32x4.mul(v128.load32_splat(a), v128.load(panel)));
    a += 4;
    panel += 32;
  }
  v128.store(c, s);
}

/**
 * C[M, N] += transpose(A[K, M]) · B[K, N]: weight gradients, where K (rows of a batch) is long and M, N are short.
 * Blocks of KC rows; one panel of B's block is packed into scratch, then all tiles of 4 columns of A run over it.
 */
export function gemmTransposed(
  a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, M: i32, N: i32, K: i32, scratch: usize,
): void {
  const strideA = <usize>lda << 2;
  const strideC = <usize>ldc << 2;
  for (let k0 = 0; k0 < K; k0 += KC) {
    const depth = min(KC, K - k0);
    const aBlock = a + <usize>k0 * strideA;
    for (let n = 0; n < N; n += 8) {
      const isWide = n + 8 <= N;
      packPanel(b + ((<usize>k0 * ldb + n) << 2), <usize>ldb << 2, depth, isWide, scratch);
      const cColumn = c + (<usize>n << 2);
      for (let m = 0; m < M; m += 4)
        transposedTile(aBlock + (<usize>m << 2), strideA, scratch, cColumn + <usize>m * strideC, strideC, depth, min(4, M - m), isWide);
    }
  }
}

function packPanel(b: usize, strideB: usize, depth: i32, isWide: bool, out: usize): void {
  for (let k = 0; k < depth; k++) {
    v128.store(out, v128.load(b));
    v128.store(out, isWide ? v128.load(b, 16) : f32x4.splat(0), 16);
    b += strideB;
    out += 32;
  }
}

function transposedTile(a: usize, strideA: usize, panel: usize, c: usize, strideC: usize, depth: i32, rows: i32, isWide: bool): void {
  let s00 = f32x4.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  s00 = v128.load(c);
  if (rows > 1) s10 = v128.load(c + strideC);
  if (rows > 2) s20 = v128.load(c + 2 * strideC);
  if (rows > 3) s30 = v128.load(c + 3 * strideC);
  if (isWide) {
    s01 = v128.load(c, 16);
    if (rows > 1) s11 = v128.load(c + strideC, 16);
    if (rows > 2) s21 = v128.load(c + 2 * strideC, 16);
    if (rows > 3) s31 = v128.load(c + 3 * strideC, 16);
  }
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let x = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(x, b0));
    s01 = f32x4.add(s01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(x, b0));
    s11 = f32x4.add(s11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(x, b0));
    s21 = f32x4.add(s21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(x, b0));
    s31 = f32x4.add(s31, f32x4.mul(x, b1));
    a += strideA;
    panel += 32;
  }
  v128.store(c, s00);
  if (rows > 1) v128.store(c + strideC, s10);
  if (rows > 2) v128.store(c + 2 * strideC, s20);
  if (rows > 3) v128.store(c + 3 * strideC, s30);
  if (!isWide) return;
  v128.store(c, s01, 16);
  if (rows > 1) v128.store(c + strideC, s11, 16);
  if (rows > 2) v128.store(c + 2 * strideC, s21, 16);
  if (rows > 3) v128.store(c + 3 * strideC, s31, 16);
}

/** out[N] += sum over rows of X[rows, N], N a multiple of 4. */
export function addColumnSums(x: usize, ldx: i32, rows: i32, N: i32, out: usize): void {
  const stride = <usize>ldx << 2;
  let n = 0;
  for (; n + 16 <= N; n += 16) {
    const at = <usize>n << 2;
    let s0 = v128.load(out + at), s1 = v128.load(out + at, 16), s2 = v128.load(out + at, 32), s3 = v128.load(out + at, 48);
    let row = x + at;
    for (let r = 0; r < rows; r++) {
      s0 = f32x4.add(s0, v128.load(row));
      s1 = f32x4.add(s1, v128.load(row, 16));
      s2 = f32x4.add(s2, v128.load(row, 32));
      s3 = f32x4.add(s3, v128.load(row, 48));
      row += stride;
    }
    v128.store(out + at, s0); v128.store(out + at, s1, 16); v128.store(out + at, s2, 32); v128.store(out + at, s3, 48);
  }
  for (; n < N; n += 4) {
    const at = <usize>n << 2;
    let s = v128.load(out + at);
    let row = x + at;
    for (let r = 0; r < rows; r++) {
      s = f32x4.add(s, v128.load(row));
      row += stride;
    }
    v128.store(out + at, s);
  }
}
