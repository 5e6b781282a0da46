/** Element types a column may have, by Arrow's and numpy's names. */
export const elementTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;
/** Name of an element type. */
export type ElementType = keyof typeof elementTypes;
/** Array of any element type. */
export type ElementArray = InstanceType<(typeof elementTypes)[ElementType]>;

/** One column of an episode: R rows, where R is the number of steps plus one. Browser-safe plain data. */
export type Column =
  /** numbers of one shape in every row: data is [R, …shape] row-major; shape [] is one number per row */
  | {
      readonly kind: "numbers";
      readonly type: ElementType;
      readonly shape: readonly number[];
      readonly data: ElementArray;
    }
  /** [R] of 0 or 1 */
  | { readonly kind: "flags"; readonly data: Uint8Array }
  /** [R] byte strings, such as PNG files or snapshots; null: none in this row */
  | { readonly kind: "bytes"; readonly values: readonly (Uint8Array | null)[] }
  /** several columns under one name */
  | { readonly kind: "group"; readonly columns: ReadonlyMap<string, Column> };

/** One recorded episode: T steps, T + 1 rows in every column. */
export interface EpisodeTable {
  /** T */
  readonly numSteps: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** Numbers in one row of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Rows of a column. */
export function numRows(column: Column): number {
  switch (column.kind) {
    case "numbers":
      return column.data.length / sizeOf(column.shape);
    case "flags":
      return column.data.length;
    case "bytes":
      return column.values.length;
    case "group":
      return Math.min(...[...column.columns.values()].map(numRows));
    default:
      return column satisfies never;
  }
}
