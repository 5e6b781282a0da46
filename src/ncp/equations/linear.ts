/** Sizes of a dense layer: batch, inputs, outputs. */
export interface LinearSize {
  readonly B: number;
  readonly I: number;
  readonly O: number;
}

/** y = x W' + b. Shapes: x [B, I], w [O, I], b [O] or null, y [B, O]. */
export function linear(
  x: Float64Array,
  w: Float64Array,
  b: Float64Array | null,
  { B, I, O }: LinearSize,
): Float64Array {
  const y = new Float64Array(B * O);
  for (let n = 0; n < B; n++) {
    for (let o = 0; o < O; o++) {
      let sum = b === null ? 0 : b[o]!;
      for (let i = 0; i < I; i++) sum += x[n * I + i]! * w[o * I + i]!;
      y[n * O + o] = sum;
    }
  }
  return y;
}

/** Backward of `linear`: adds to dx [B, I], dw [O, I] and db [O] (each may be null). */
export function linearBackward(
  dy: Float64Array,
  { x, w }: { readonly x: Float64Array; readonly w: Float64Array },
  {
    dx,
    dw,
    db,
  }: { readonly dx: Float64Array | null; readonly dw: Float64Array | null; readonly db: Float64Array | null },
  { B, I, O }: LinearSize,
): void {
  for (let n = 0; n < B; n++) {
    for (let o = 0; o < O; o++) {
      const d = dy[n * O + o]!;
      if (d === 0) continue;
      if (db !== null) db[o]! += d;
      for (let i = 0; i < I; i++) {
        if (dx !== null) dx[n * I + i]! += d * w[o * I + i]!;
        if (dw !== null) dw[o * I + i]! += d * x[n * I + i]!;
      }
    }
  }
}

/** Rows side by side: [B, I] and [B, H] to [B, I + H]. */
export function concatRows(a: Float64Array, b: Float64Array, B: number): Float64Array {
  const [I, H] = [a.length / B, b.length / B];
  const z = new Float64Array(a.length + b.length);
  for (let n = 0; n < B; n++) {
    z.set(a.subarray(n * I, (n + 1) * I), n * (I + H));
    z.set(b.subarray(n * H, (n + 1) * H), n * (I + H) + I);
  }
  return z;
}

/** Columns first .. first + count - 1 of a [B, width] matrix, copied. */
export function sliceColumns(z: Float64Array, B: number, first: number, count: number): Float64Array {
  const width = z.length / B;
  const part = new Float64Array(B * count);
  for (let n = 0; n < B; n++) part.set(z.subarray(n * width + first, n * width + first + count), n * count);
  return part;
}

/** Adds a [B, count] matrix into columns first .. first + count - 1 of a [B, width] matrix. */
export function addColumns(z: Float64Array, part: Float64Array, B: number, first: number): void {
  const [width, count] = [z.length / B, part.length / B];
  for (let n = 0; n < B; n++) {
    for (let i = 0; i < count; i++) z[n * width + first + i]! += part[n * count + i]!;
  }
}
