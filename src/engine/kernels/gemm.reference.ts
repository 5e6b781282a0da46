/**
 * C[M, N] <- C + A[M, K] · B[K, N]: one float32 sum per entry, ascending in K. The compiled product equals this bit for bit.
 */
export function gemmReference(
  c: Float32Array,
  a: Float32Array,
  b: Float32Array,
  M: number,
  N: number,
  K: number,
): void {
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n++) {
      let sum = c[m * N + n]!;
      for (let k = 0; k < K; k++) sum = Math.fround(sum + Math.fround(a[m * K + k]! * b[k * N + n]!));
      c[m * N + n] = sum;
    }
}

/** The transpose of X[rows, cols]. */
export function transposeReference(x: Float32Array, rows: number, cols: number): Float32Array {
  return Float32Array.from({ length: rows * cols }, (_, i) => x[(i % rows) * cols + Math.floor(i / rows)]!);
}
