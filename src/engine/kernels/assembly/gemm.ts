// Matrix products. Blocks of both factors are packed, then C is computed in tiles held in registers (tile.ts). Every entry of C is one sum in
// ascending order of K whatever tile it falls in: a row's result does not depend on how many other rows there are.
import { KC, MC, NC, PANELS } from "./blocks";
import { multiplyAdd } from "./multiply-add";
import { packColumns, packColumnStrips, packRowStrips } from "./pack";
import { begin, blockOfTiles, NO_FLOOR } from "./tile";
import { addNarrowTransposed, NARROW } from "./transposed-tiles";

export { packColumns, packRows } from "./pack";

/** start: 0 zero, 1 what C holds, 2 bias. packed: B as `packColumns` writes it. */
export function gemm(a: usize, lda: i32, packed: usize, c: usize, ldc: i32, M: i32, N: i32, K: i32, start: i32, bias: usize): void {
  if (K == 0) {
    startRows(c, ldc, M, N, start, bias);
    return;
  }
  const strideA = <usize>lda << 2;
  const strideC = <usize>ldc << 2;
  const panelBytes = <usize>K << 5;
  const floor = f32x4.splat(NO_FLOOR);
  for (let m0 = 0; m0 < M; m0 += MC) {
    const rows = min(MC, M - m0);
    const cBlock = c + <usize>m0 * strideC;
    for (let k0 = 0; k0 < K; k0 += KC) {
      const depth = min(KC, K - k0);
      const aBlock = a + <usize>m0 * strideA + (<usize>k0 << 2);
      const mode = k0 == 0 ? start : 1;
      const panels = packed + (<usize>k0 << 5);
      if (rows < 4) {
        smallBlock(aBlock, strideA, panels, panelBytes, cBlock, strideC, rows, N, depth, mode, bias);
        continue;
      }
      packRowStrips(aBlock, strideA, rows, depth);
      blockOfTiles(panels, panelBytes, cBlock, strideC, rows, N, depth, mode, bias, floor);
    }
  }
}

/** C[M, N] += transpose(A[K, M]) · B[K, N]: weight gradients, where K (rows of a batch) is long. */
export function gemmTransposed(a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32, M: i32, N: i32, K: i32): void {
  const strideA = <usize>lda << 2;
  const strideC = <usize>ldc << 2;
  if (lda + ldb <= NARROW) {
    addNarrowTransposed(a, strideA, b, <usize>ldb << 2, c, strideC, M, N, K);
    return;
  }
  const floor = f32x4.splat(NO_FLOOR);
  for (let k0 = 0; k0 < K; k0 += KC) {
    const depth = min(KC, K - k0);
    const aBlock = a + <usize>k0 * strideA;
    for (let n0 = 0; n0 < N; n0 += NC) {
      const cols = min(NC, N - n0);
      packColumns(b + ((<usize>k0 * ldb + n0) << 2), ldb, depth, cols, PANELS);
      for (let m0 = 0; m0 < M; m0 += MC) {
        const rows = min(MC, M - m0);
        packColumnStrips(aBlock + (<usize>m0 << 2), strideA, rows, depth);
        const to = c + <usize>m0 * strideC + (<usize>n0 << 2);
        blockOfTiles(PANELS, <usize>depth << 5, to, strideC, rows, cols, depth, 1, 0, floor);
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

function tile1x32(a: usize, panel: usize, strideP: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let p0 = panel, p1 = panel + strideP, p2 = p1 + strideP, p3 = p2 + strideP;
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  let s2 = begin(c + 32, bias + 32, mode), s3 = begin(c + 48, bias + 48, mode);
  let s4 = begin(c + 64, bias + 64, mode), s5 = begin(c + 80, bias + 80, mode);
  let s6 = begin(c + 96, bias + 96, mode), s7 = begin(c + 112, bias + 112, mode);
  const end = p0 + (<usize>depth << 5);
  while (p0 < end) {
    const x = v128.load32_splat(a);
    s0 = multiplyAdd(x, v128.load(p0), s0);
    s1 = multiplyAdd(x, v128.load(p0, 16), s1);
    s2 = multiplyAdd(x, v128.load(p1), s2);
    s3 = multiplyAdd(x, v128.load(p1, 16), s3);
    s4 = multiplyAdd(x, v128.load(p2), s4);
    s5 = multiplyAdd(x, v128.load(p2, 16), s5);
    s6 = multiplyAdd(x, v128.load(p3), s6);
    s7 = multiplyAdd(x, v128.load(p3, 16), s7);
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
    s0 = multiplyAdd(x, v128.load(p0), s0);
    s1 = multiplyAdd(x, v128.load(p0, 16), s1);
    s2 = multiplyAdd(x, v128.load(p1), s2);
    s3 = multiplyAdd(x, v128.load(p1, 16), s3);
    a += 4; p0 += 32; p1 += 32;
  }
  v128.store(c, s0); v128.store(c, s1, 16); v128.store(c, s2, 32); v128.store(c, s3, 48);
}

function tile1x8(a: usize, panel: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let s0 = begin(c, bias, mode), s1 = begin(c + 16, bias + 16, mode);
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const x = v128.load32_splat(a);
    s0 = multiplyAdd(x, v128.load(panel), s0);
    s1 = multiplyAdd(x, v128.load(panel, 16), s1);
    a += 4;
    panel += 32;
  }
  v128.store(c, s0); v128.store(c, s1, 16);
}

function tile1x4(a: usize, panel: usize, c: usize, depth: i32, mode: i32, bias: usize): void {
  let s = begin(c, bias, mode);
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    s = multiplyAdd(v128.load32_splat(a), v128.load(panel), s);
    a += 4;
    panel += 32;
  }
  v128.store(c, s);
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
