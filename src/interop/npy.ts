import { FormatError } from "../errors.ts";
import type { NamedTensor, TensorData } from "../policy/safetensors.ts";

/** Element types of .npy files that are read: little-endian or single-byte numbers. */
const arrays = {
  "<f4": Float32Array,
  "<f8": Float64Array,
  "<i2": Int16Array,
  "<i4": Int32Array,
  "<i8": BigInt64Array,
  "<u2": Uint16Array,
  "<u4": Uint32Array,
  "<u8": BigUint64Array,
  "|i1": Int8Array,
  "|u1": Uint8Array,
  "|b1": Uint8Array,
} as const;
type Descr = keyof typeof arrays;

const MAGIC = "\x93NUMPY";
/** bytes of a version 1 header before its text */
const PREFIX = 10;
/** the same of versions 2 and 3 */
const LONG_PREFIX = 12;
/** characters of a header that an error shows */
const SHOWN = 200;

const bad = (name: string, message: string): FormatError => new FormatError("npy", `${name}: ${message}`);

/**
 * Reads a numpy .npy file: float32, float64, bool, and integers of 8 to 64 bits, little-endian, in C or Fortran order; the data is
 * row-major. Source: numpy.lib.format, versions 1 to 3. `name` becomes the tensor's name. Throws FormatError (`npy`) for anything else.
 */
export function decodeNpy(name: string, bytes: Uint8Array): NamedTensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < PREFIX || !hasMagic(bytes)) throw bad(name, "not a .npy file");
  const isLong = bytes[6]! >= 2;
  if (bytes[6]! > 3) throw bad(name, `.npy version ${bytes[6]} is not known`);
  const start = isLong ? LONG_PREFIX : PREFIX;
  if (start > bytes.length) throw bad(name, "the header is cut off");
  const length = isLong ? view.getUint32(8, true) : view.getUint16(8, true);
  if (start + length > bytes.length) throw bad(name, "the header is cut off");
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  const { descr, isFortran, shape } = parseHeader(name, header);
  const count = shape.reduce((product, n) => product * n, 1);
  const make = arrays[descr];
  const data = bytes.subarray(start + length);
  if (data.length !== count * make.BYTES_PER_ELEMENT) {
    throw bad(
      name,
      `${data.length} bytes of data, but shape (${shape.join(", ")}) of ${descr} needs ${count * make.BYTES_PER_ELEMENT}`,
    );
  }
  const values = new make(new Uint8Array(data).buffer);
  return { name, shape, data: isFortran && shape.length > 1 ? fromFortran(values, shape) : values };
}

const hasMagic = (bytes: Uint8Array): boolean => Array.from(MAGIC).every((c, i) => bytes[i] === c.charCodeAt(0));

function parseHeader(name: string, header: string): { descr: Descr; isFortran: boolean; shape: number[] } {
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d\s,L]*)\)/.exec(header)?.[1];
  const shape = sizes === undefined ? null : parseSizes(sizes);
  if (descr === undefined || order === undefined || shape === null)
    throw bad(name, `header ${JSON.stringify(header.trim().slice(0, SHOWN))} is not understood`);
  if (!Object.hasOwn(arrays, descr))
    throw bad(name, `element type ${descr} is not supported; expected one of ${Object.keys(arrays).join(", ")}`);
  return { descr: descr as Descr, isFortran: order === "True", shape };
}

/** The inside of a tuple of sizes, such as `2, 3` or `3,`; null where that is not one. Python 2 wrote `3L`. */
function parseSizes(text: string): number[] | null {
  const parts = text.split(",").map((part) => part.trim());
  if (parts.at(-1) === "") parts.pop(); // nothing follows the comma of `3,`, and nothing is in `()`
  const sizes = parts.map((part) => (/^\d+L?$/.test(part) ? parseInt(part, 10) : NaN));
  return sizes.every(Number.isSafeInteger) ? sizes : null;
}

/** Column-major values in row-major order. */
function fromFortran(values: TensorData, shape: readonly number[]): TensorData {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const sorted = values.slice();
  for (let k = 0; k < values.length; k++) {
    let rest = k;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    sorted[k] = values[at]!;
  }
  return sorted;
}

/**
 * Writes row-major float32 or float64 data as a version 1 .npy file. Throws FormatError (`npy`) where `shape` has not as many elements as
 * `data`, or is no shape.
 */
export function encodeNpy(shape: readonly number[], data: Float32Array | Float64Array): Uint8Array {
  const isShape = shape.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isShape || shape.reduce((product, n) => product * n, 1) !== data.length)
    throw new FormatError("npy", `.npy file: ${data.length} elements came, but the shape is [${shape.join(", ")}]`);
  const descr = data instanceof Float64Array ? "<f8" : "<f4";
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((PREFIX + dictionary.length + 1) / 64) * 64 - PREFIX;
  const header = new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`);
  const bytes = new Uint8Array(PREFIX + length + data.byteLength);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  bytes.set([1, 0, length & 255, length >> 8], 6);
  bytes.set(header, PREFIX);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), PREFIX + length);
  return bytes;
}
