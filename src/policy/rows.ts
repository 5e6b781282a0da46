/** A float32 matrix seen row by row: entry (r, c) is `data[r * stride + c]`. Engine tensors are such matrices. */
export interface Rows {
  readonly data: Float32Array;
  /** numbers from one row's start to the next, at least the number of columns */
  readonly stride: number;
}

/** Rows without padding over an array of its own. */
export const denseRows = (data: Float32Array, cols: number): Rows => ({ data, stride: cols });
