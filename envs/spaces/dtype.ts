/** Element types, named as numpy names them. */
export type DType =
  "bool" | "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64" | "float32" | "float64";

/** Arrays of numbers that values travel in. */
export type NumberArray =
  Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** Arrays that values travel in: row-major, flat. int64 uses Int32Array where the space's bounds fit in 32 bits, otherwise BigInt64Array. */
export type ValueArray = NumberArray | BigInt64Array | BigUint64Array;

/** What a type can hold. The 64-bit limits are rounded to doubles. */
export const DTYPE_LIMITS: Readonly<Record<DType, readonly [min: number, max: number]>> = {
  bool: [0, 1],
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
  int64: [-(2 ** 63), 2 ** 63],
  uint64: [0, 2 ** 64],
  float32: [-3.4028234663852886e38, 3.4028234663852886e38],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE],
};

/** b: bool, i: signed, u: unsigned, f: float. */
export function kindOf(dtype: DType): "b" | "i" | "u" | "f" {
  if (dtype === "bool") return "b";
  if (dtype.startsWith("float")) return "f";
  return dtype.startsWith("u") ? "u" : "i";
}

/** Bits of a type. */
export function widthOf(dtype: DType): number {
  return dtype === "bool" ? 1 : Number(/\d+$/.exec(dtype)![0]);
}

/** A zeroed array for `size` values; `isWide` asks for 64-bit integers that do not fit in 32 bits. */
export function allocate(dtype: DType, size: number, isWide = false): ValueArray {
  switch (dtype) {
    case "bool":
    case "uint8":
      return new Uint8Array(size);
    case "int8":
      return new Int8Array(size);
    case "int16":
      return new Int16Array(size);
    case "uint16":
      return new Uint16Array(size);
    case "int32":
      return new Int32Array(size);
    case "uint32":
      return new Uint32Array(size);
    case "int64":
      return isWide ? new BigInt64Array(size) : new Int32Array(size);
    case "uint64":
      return isWide ? new BigUint64Array(size) : new Uint32Array(size);
    case "float32":
      return new Float32Array(size);
    case "float64":
      return new Float64Array(size);
    default:
      return dtype satisfies never;
  }
}

/** The type of a typed array's elements; null for anything else. */
export function dtypeOf(value: unknown): DType | null {
  if (value instanceof Float32Array) return "float32";
  if (value instanceof Float64Array) return "float64";
  if (value instanceof Uint8Array || value instanceof Uint8ClampedArray) return "uint8";
  if (value instanceof Int8Array) return "int8";
  if (value instanceof Int16Array) return "int16";
  if (value instanceof Uint16Array) return "uint16";
  if (value instanceof Int32Array) return "int32";
  if (value instanceof Uint32Array) return "uint32";
  if (value instanceof BigInt64Array) return "int64";
  if (value instanceof BigUint64Array) return "uint64";
  return null;
}

/** Whether every value of `from` is exactly one of `to` (numpy's safe casting). */
export function canCast(from: DType, to: DType): boolean {
  if (from === to) return true;
  const [a, b] = [kindOf(from), kindOf(to)];
  const [m, n] = [widthOf(from), widthOf(to)];
  if (a === "b") return true;
  if (b === "b") return false;
  if (a === "f") return b === "f" && m <= n;
  if (b === "f") return n === 64 || m <= 16;
  if (a === b) return m <= n;
  return a === "u" && b === "i" && m < n;
}

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
