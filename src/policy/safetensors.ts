/**
 * Named tensors as bytes in the safetensors format: u64 header length | JSON header | raw little-endian data. Browser-safe.
 *
 * Source: https://github.com/huggingface/safetensors (format section of its README).
 * Equal tensors and metadata give equal bytes: header names are sorted, the data is ordered by element size (largest first, so every
 * tensor is aligned to its own element) and then by name, without gaps, and starts at a multiple of 8.
 */
import { FormatError } from "../errors.ts";
import { repeatedKey } from "./repeated-key.ts";

/** Arrays that a tensor's data may be; each is one dtype of the format. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/** A tensor as it is stored: row-major; the kind of array says the element type. */
export interface NamedTensor<Data extends TensorData = TensorData> {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Data;
}

/** What a file holds: tensors sorted by name, and free text by key. */
export interface Safetensors {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const dtypes = {
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const;
type Dtype = keyof typeof dtypes;

const maxHeaderBytes = 100_000_000; // the reference reader's limit
const prefixBytes = 8;

const bad = (what: string, message: string): FormatError =>
  new FormatError(`safetensors-${what}`, `safetensors: ${message}`);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const quoted = (text: string): string => JSON.stringify(text);

function dtypeOf(data: TensorData): Dtype {
  for (const dtype of Object.keys(dtypes) as Dtype[])
    if (Object.prototype.toString.call(data) === `[object ${dtypes[dtype].name}]`) return dtype;
  throw bad("dtype", `no dtype for ${Object.prototype.toString.call(data)}`);
}

const numElements = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

function isShape(shape: unknown): shape is readonly number[] {
  return Array.isArray(shape) && shape.every((d) => Number.isSafeInteger(d) && d >= 0);
}

/**
 * Bytes of a safetensors file. The same tensors and metadata give the same bytes, in whatever order they come.
 *
 * Throws FormatError on duplicate or reserved names and where shape and data disagree.
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const placed = place(tensors);
  const header = new TextEncoder().encode(headerText(placed, metadata));
  const dataStart = Math.ceil((prefixBytes + header.length) / 8) * 8;
  const bytes = new Uint8Array(dataStart + placed.reduce((n, { end, start }) => n + (end - start), 0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - prefixBytes), true);
  bytes.set(header, prefixBytes);
  bytes.fill(0x20, prefixBytes + header.length, dataStart);
  for (const { tensor, start } of placed) {
    const { buffer, byteOffset, byteLength } = tensor.data;
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), dataStart + start);
  }
  return bytes;
}

interface Placed {
  readonly tensor: NamedTensor;
  readonly dtype: Dtype;
  /** byte range in the data part */
  readonly start: number;
  readonly end: number;
}

function place(tensors: readonly NamedTensor[]): Placed[] {
  const sorted = tensors
    .map((tensor) => ({ tensor, dtype: dtypeOf(tensor.data) }))
    .toSorted(
      (a, b) =>
        dtypes[b.dtype].BYTES_PER_ELEMENT - dtypes[a.dtype].BYTES_PER_ELEMENT || byText(a.tensor.name, b.tensor.name),
    );
  const names = new Set<string>();
  let end = 0;
  return sorted.map(({ tensor, dtype }) => {
    const { name, shape, data } = tensor;
    if (name === "__metadata__") throw bad("name", `a tensor cannot be named __metadata__`);
    if (names.has(name)) throw bad("name", `two tensors are named ${quoted(name)}`);
    if (!isShape(shape) || numElements(shape) !== data.length)
      throw bad("shape", `${quoted(name)} has ${data.length} elements, but its shape is [${shape.join(", ")}]`);
    names.add(name);
    const start = end;
    end = start + data.byteLength;
    return { tensor, dtype, start, end };
  });
}

// Built by hand: a JavaScript object would move names like "0" to the front and swallow "__proto__".
function headerText(placed: readonly Placed[], metadata: Readonly<Record<string, string>>): string {
  const keys = Object.keys(metadata).toSorted(byText);
  const notes = keys.map((key) => `${quoted(key)}:${quoted(metadata[key]!)}`);
  const entries = placed
    .toSorted((a, b) => byText(a.tensor.name, b.tensor.name))
    .map(
      ({ tensor, dtype, start, end }) =>
        `${quoted(tensor.name)}:{"dtype":"${dtype}","shape":[${tensor.shape.join(",")}],"data_offsets":[${start},${end}]}`,
    );
  return `{${[...(notes.length > 0 ? [`"__metadata__":{${notes.join(",")}}`] : []), ...entries].join(",")}}`;
}

/**
 * Reads a safetensors file strictly: every byte of it must be accounted for. The arrays are copies.
 *
 * Throws FormatError: truncated, bad header, unknown dtype, shape against byte range, gaps or overlaps, duplicate names.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { header, dataStart } = readHeader(bytes);
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  const ranges = entries.map(([name, entry]) => checkEntry(name, entry));
  checkCoverage(ranges, bytes.length - dataStart);
  const tensors = ranges
    .map(({ name, dtype, shape, start, end }): NamedTensor => {
      const copy = new Uint8Array(bytes.subarray(dataStart + start, dataStart + end)); // not slice: a Buffer's slice is a view
      return { name, shape, data: new dtypes[dtype](copy.buffer) };
    })
    .toSorted((a, b) => byText(a.name, b.name));
  return { tensors, metadata: checkMetadata(header["__metadata__"]) };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < prefixBytes) throw bad("truncated", `${bytes.length} bytes are too few for a file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(maxHeaderBytes))
    throw bad("header", `a header of ${headerBytes} bytes is over the limit; this is not a safetensors file`);
  const dataStart = prefixBytes + Number(headerBytes);
  if (dataStart > bytes.length)
    throw bad("truncated", `the header ends at byte ${dataStart}, but the file has only ${bytes.length}`);
  return { header: parseHeader(bytes.subarray(prefixBytes, dataStart)), dataStart };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("safetensors-header", "safetensors: the header is not JSON", { cause });
  }
  if (!isRecord(header)) throw bad("header", "the header is not a JSON object");
  const repeated = repeatedKey(text);
  if (repeated !== null) throw bad("name", `the header names ${quoted(repeated)} twice`);
  return header;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface Range {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

function checkEntry(name: string, entry: unknown): Range {
  if (!isRecord(entry)) throw bad("header", `${quoted(name)} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(dtypes, dtype))
    throw bad(
      "dtype",
      `${quoted(name)} has dtype ${quoted(String(dtype))}; known are ${Object.keys(dtypes).join(", ")}`,
    );
  if (!isShape(shape)) throw bad("shape", `${quoted(name)} has no valid shape`);
  if (!isShape(offsets) || offsets.length !== 2) throw bad("offsets", `${quoted(name)} has no valid data_offsets`);
  const [start, end] = offsets as readonly [number, number]; // length checked above
  const wanted = numElements(shape) * dtypes[dtype as Dtype].BYTES_PER_ELEMENT;
  if (end - start !== wanted)
    throw bad("offsets", `${quoted(name)} needs ${wanted} bytes, but its data_offsets span ${end - start}`);
  return { name, dtype: dtype as Dtype, shape, start, end };
}

function checkCoverage(ranges: readonly Range[], dataBytes: number): void {
  let end = 0;
  for (const range of ranges.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (range.start !== end)
      throw bad("offsets", `${quoted(range.name)} starts at byte ${range.start} of the data; expected ${end}`);
    end = range.end;
  }
  if (end > dataBytes) throw bad("truncated", `the data should have ${end} bytes, but only ${dataBytes} are there`);
  if (end < dataBytes) throw bad("offsets", `${dataBytes - end} bytes after the last tensor belong to nothing`);
}

function checkMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string"))
    throw bad("header", "__metadata__ must map text to text");
  return metadata as Record<string, string>; // values checked above
}
