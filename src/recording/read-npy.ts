import { FormatError } from "../errors.ts";
import type { Inflate } from "./decode-png.ts";

/** An array out of a `.npy` file, in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Int8Array
    | Int16Array
    | Int32Array
    | BigInt64Array
    | Uint8Array
    | Uint16Array
    | Uint32Array;
}

const types = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  b1: Uint8Array,
} as const;

const bad = (message: string): FormatError => new FormatError("npz", message);

/** Reads the arrays of a `.npz` file by name. Source: numpy's format page and PKWARE's APPNOTE. Throws FormatError `npz`. */
export function readNpz(bytes: Uint8Array, inflateRaw: Inflate): Map<string, NpyArray> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw bad("this is no .npz file, or it is cut short");
  const numFiles = view.getUint16(end + 10, true);
  const arrays = new Map<string, NpyArray>();
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < numFiles; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50)
      throw bad("the list of its arrays is damaged");
    const [method, size, nameLength, extraLength, noteLength, local] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 20, true),
      view.getUint16(at + 28, true),
      view.getUint16(at + 30, true),
      view.getUint16(at + 32, true),
      view.getUint32(at + 42, true),
    ];
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (local + 30 > bytes.length) throw bad(`array ${name} is cut short`);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const packed = bytes.subarray(from, from + size);
    if (method !== 0 && method !== 8) throw bad(`array ${name} is packed with method ${method}, which is not read`);
    arrays.set(name.replace(/\.npy$/, ""), readNpy(method === 0 ? packed : inflateRaw(packed), name));
    at += 46 + nameLength + extraLength + noteLength;
  }
  return arrays;
}

function readNpy(bytes: Uint8Array, name: string): NpyArray {
  if (String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY") throw bad(`array ${name} is not in numpy's format`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isOld = bytes[6] === 1;
  const start = (isOld ? 10 : 12) + (isOld ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder().decode(bytes.subarray(isOld ? 10 : 12, start));
  const descr = /'descr':\s*'([<|=]?)(\w\d)'/.exec(header)?.[2];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || !(descr in types) || shapeText === undefined)
    throw bad(`array ${name} is of a kind that is not read: ${header.trim()}`);
  if (header.includes("'fortran_order': True"))
    throw bad(`array ${name} is in Fortran order; save it with np.ascontiguousarray`);
  const shape = shapeText
    .split(",")
    .map((d) => d.trim())
    .filter((d) => d !== "")
    .map(Number);
  const Type = types[descr as keyof typeof types];
  const length = shape.reduce((a, b) => a * b, 1);
  const data = new Uint8Array(bytes.subarray(start, start + length * Type.BYTES_PER_ELEMENT));
  if (data.length < length * Type.BYTES_PER_ELEMENT) throw bad(`array ${name} is cut short`);
  return { shape, data: new Type(data.buffer) };
}
