// Copies of matrix factors in the order in which tiles read them.
import { STRIPS } from "./blocks";

/** packed <- B[K, N] in panels of 8 columns, missing columns zero: [ceil(N / 8)][K][8]. */
export function packColumns(b: usize, ldb: i32, K: i32, N: i32, packed: usize): void {
  const stride = <usize>ldb << 2;
  for (let n = 0; n < N; n += 8) {
    let row = b + (<usize>n << 2);
    const width = min(8, N - n);
    for (let k = 0; k < K; k++) {
      if (width == 8) {
        v128.store(packed, v128.load(row));
        v128.store(packed, v128.load(row, 16), 16);
      } else
        for (let j = 0; j < 8; j++)
          store<f32>(packed + (<usize>j << 2), j < width ? load<f32>(row + (<usize>j << 2)) : 0);
      row += stride;
      packed += 32;
    }
  }
}

/** packed <- transpose of B[N, K], likewise. */
export function packRows(b: usize, ldb: i32, K: i32, N: i32, packed: usize): void {
  const stride = <usize>ldb << 2;
  for (let n = 0; n < N; n += 8) {
    const width = min(8, N - n);
    const row = b + <usize>n * stride;
    let k = 0;
    if (width == 8)
      for (; k + 4 <= K; k += 4) {
        const at = row + (<usize>k << 2);
        transpose4(at, stride, packed);
        transpose4(at + (stride << 2), stride, packed + 16);
        packed += 128;
      }
    for (; k < K; k++)
      for (let j = 0; j < 8; j++) {
        store<f32>(packed, j < width ? load<f32>(row + <usize>j * stride + (<usize>k << 2)) : 0);
        packed += 4;
      }
  }
}

/** Four rows of four numbers become four columns; out rows are 32 bytes apart. */
// @ts-ignore: decorator
@inline
function transpose4(from: usize, stride: usize, out: usize): void {
  const a = v128.load(from), b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride), d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), AB = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), CD = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(out, v128.shuffle<f64>(ab, cd, 1, 3), 32);
  v128.store(out, v128.shuffle<f64>(AB, CD, 0, 2), 64);
  v128.store(out, v128.shuffle<f64>(AB, CD, 1, 3), 96);
}

/** out[n][2] <- two rows side by side. Returns the end of what was written. */
// @ts-ignore: decorator
@inline
export function interleave(a: usize, b: usize, n: i32, out: usize): usize {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const x = v128.load(a), y = v128.load(b);
    v128.store(out, v128.shuffle<f32>(x, y, 0, 4, 1, 5));
    v128.store(out, v128.shuffle<f32>(x, y, 2, 6, 3, 7), 16);
    a += 16; b += 16; out += 32;
  }
  for (; i < n; i++) {
    store<f32>(out, load<f32>(a));
    store<f32>(out, load<f32>(b), 4);
    a += 4; b += 4; out += 8;
  }
  return out;
}

/** Strips of `rows` rows of A, each from its column 0 on. */
export function packRowStrips(a: usize, stride: usize, rows: i32, depth: i32): void {
  let out = STRIPS;
  for (let m = 0; m < rows; m += 2) {
    out = interleave(a, m + 1 < rows ? a + stride : a, depth, out);
    a += stride << 1;
  }
}

/** Four columns of row k into two strips; columns that are missing at the end of a matrix are read from its padding. */
// @ts-ignore: decorator
@inline
export function spread4(from: usize, out: usize, stripBytes: usize): void {
  const x = v128.load(from);
  v128.store64_lane(out, x, 0);
  v128.store64_lane(out + stripBytes, x, 1);
}

/** Strips of `columns` columns of A[depth, ·]: of its transpose's rows. Sixteen at a time, so that every cache line is read once. */
export function packColumnStrips(a: usize, stride: usize, columns: i32, depth: i32): void {
  const stripBytes = <usize>depth << 3;
  const pair = stripBytes << 1;
  for (let m = 0; m < columns; m += 16) {
    const fours = min(4, (columns - m + 3) >> 2);
    let row = a + (<usize>m << 2);
    let out = STRIPS + <usize>(m >> 1) * stripBytes;
    for (let k = 0; k < depth; k++) {
      spread4(row, out, stripBytes);
      if (fours > 1) spread4(row + 16, out + pair, stripBytes);
      if (fours > 2) spread4(row + 32, out + 2 * pair, stripBytes);
      if (fours > 3) spread4(row + 48, out + 3 * pair, stripBytes);
      row += stride;
      out += 8;
    }
  }
}
