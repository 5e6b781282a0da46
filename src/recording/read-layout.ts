import { type DataType, type Field, type FixedSizeList, Type } from "apache-arrow";
import { Footer } from "apache-arrow/ipc/metadata/file";
import { type BufferRegion, type FieldNode, Message } from "apache-arrow/ipc/metadata/message";
import { FormatError } from "../errors.ts";
import type { ColumnLayout, EpisodeLayout, Extent } from "../protocol/episode-layout.ts";
import { elementTypes, sizeOf, type ElementType } from "./column.ts";
import { maxRows } from "./encode-episode.ts";

/** Reads bytes [offset, offset + length) of a file. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

/** The end of an Arrow file: length of the footer (int32), and the magic. */
const TRAILER_BYTES = 10;
const MAX_META_BYTES = 1 << 20;
const OFFSET_BYTES = 4;

const bad = (why: string): FormatError => new FormatError("episode-file", why);
const badField = (name: string, why: string): FormatError => new FormatError("episode-field", `field ${name} ${why}`);

/**
 * Finds out what lies where in an episode's Arrow file of `bytes` bytes from its footer and the header of its record batch alone.
 * Compare the file with its checksum first: Arrow's reader trusts what it reads.
 *
 * Throws FormatError `episode-file`, `episode-field`; the caller adds the file's name.
 */
export async function readLayout(bytes: number, read: ReadBytes): Promise<EpisodeLayout> {
  if (bytes < 2 * TRAILER_BYTES) throw bad(`is not a whole Arrow file (${bytes} bytes)`);
  const trailer = await read(bytes - TRAILER_BYTES, TRAILER_BYTES);
  if (String.fromCharCode(...trailer.subarray(4)) !== "ARROW1") throw bad(`is not a whole Arrow file (${bytes} bytes)`);
  const footerBytes = new DataView(trailer.buffer, trailer.byteOffset).getInt32(0, true);
  if (footerBytes <= 0 || footerBytes > MAX_META_BYTES || footerBytes > bytes - TRAILER_BYTES)
    throw bad(`has a footer of ${footerBytes} bytes`);
  const footer = Footer.decode(await read(bytes - TRAILER_BYTES - footerBytes, footerBytes));
  const block = footer.getRecordBatch(0);
  if (block === null || footer.numRecordBatches !== 1)
    throw bad(`holds ${footer.numRecordBatches} record batches, expected one`);
  if (block.metaDataLength > MAX_META_BYTES || block.offset + block.metaDataLength + block.bodyLength > bytes)
    throw bad("has a record batch that reaches past its end");
  const header = await read(block.offset, block.metaDataLength);
  const batch = batchOf(header);
  if (batch.compression !== null) throw bad("is compressed, which is not read");
  const numSteps = batch.length - 1;
  if (numSteps < 1 || numSteps >= maxRows) throw bad(`holds ${batch.length} rows; an episode has 2 to ${maxRows}`);
  const body = {
    from: block.offset + block.metaDataLength,
    end: block.offset + block.metaDataLength + block.bodyLength,
  };
  const walk = new Walk(batch, body, batch.length);
  return { numSteps, bytes, columns: footer.schema.fields.flatMap((field) => walk.column(field, [])) };
}

/** The flatbuffer follows 8 bytes: a marker and its length. */
function batchOf(header: Uint8Array) {
  const message = Message.decode(header.subarray(8));
  if (!message.isRecordBatch()) throw bad("has something else where its record batch should be");
  return message.header();
}

/** Goes through the columns in the order in which Arrow lists their parts. */
class Walk {
  readonly #nodes: readonly FieldNode[];
  readonly #buffers: readonly BufferRegion[];
  readonly #body: { readonly from: number; readonly end: number };
  readonly #numRows: number;
  #node = 0;
  #buffer = 0;

  constructor(
    { nodes, buffers }: { readonly nodes: readonly FieldNode[]; readonly buffers: readonly BufferRegion[] },
    body: { readonly from: number; readonly end: number },
    numRows: number,
  ) {
    this.#nodes = nodes;
    this.#buffers = buffers;
    this.#body = body;
    this.#numRows = numRows;
  }

  column(field: Field, path: readonly string[]): ColumnLayout[] {
    const name = [...path, field.name].join(".");
    const type: DataType = field.type;
    const { nullCount } = this.#nextNode(name, this.#numRows);
    this.#nextBuffer(name); // validity: of byte strings an empty one says the same, elsewhere there are no gaps
    if (type.typeId === Type.Binary || type.typeId === Type.Utf8) return [this.#byteStrings(name)];
    this.#refuseGaps(name, nullCount);
    if (type.typeId === Type.Struct)
      return type.children.flatMap((child: Field) => this.column(child, [...path, field.name]));
    if (type.typeId === Type.Bool)
      return [{ kind: "flags", name, at: this.#exactly(name, Math.ceil(this.#numRows / 8)) }];
    if (type.typeId !== Type.FixedSizeList) return [this.#numbers(name, type, [])];
    const { listSize, children } = type as FixedSizeList; // its typeId says so
    const { nullCount: gaps } = this.#nextNode(name, this.#numRows * listSize);
    this.#nextBuffer(name);
    this.#refuseGaps(name, gaps);
    return [this.#numbers(name, children[0]?.type, shapeOf(field, listSize, name))];
  }

  #numbers(name: string, of: DataType | undefined, shape: readonly number[]): ColumnLayout {
    const type = elementTypeOf(of);
    if (type === null) throw badField(name, `is of type ${String(of)}, which is not read`);
    const length = this.#numRows * sizeOf(shape) * elementTypes[type].BYTES_PER_ELEMENT;
    return { kind: "numbers", name, type, shape: [...shape], at: this.#exactly(name, length) };
  }

  #byteStrings(name: string): ColumnLayout {
    const offsets = this.#exactly(name, (this.#numRows + 1) * OFFSET_BYTES);
    return { kind: "bytes", name, offsets, at: this.#nextBuffer(name) };
  }

  #nextNode(name: string, length: number): FieldNode {
    const node = this.#nodes[this.#node++];
    if (node === undefined || node.length !== length) throw badField(name, `does not have ${length} rows`);
    return node;
  }

  #nextBuffer(name: string): Extent {
    const buffer = this.#buffers[this.#buffer++];
    if (buffer === undefined) throw badField(name, "is missing");
    const from = this.#body.from + buffer.offset;
    if (buffer.offset < 0 || buffer.length < 0 || from + buffer.length > this.#body.end)
      throw badField(name, "reaches past the end of the file");
    return [from, buffer.length];
  }

  /** Buffers may be padded: the part that holds something. */
  #exactly(name: string, length: number): Extent {
    const [from, available] = this.#nextBuffer(name);
    if (available < length) throw badField(name, "is cut short");
    return [from, length];
  }

  #refuseGaps(name: string, nullCount: number): void {
    if (nullCount > 0) throw badField(name, "has empty rows");
  }
}

function shapeOf(field: Field, size: number, name: string): readonly number[] {
  const note = field.metadata.get("shape");
  if (note === undefined) return [size];
  const shape = note.split(",").map(Number);
  if (sizeOf(shape) !== size) throw badField(name, `has ${size} elements per row, but its shape is [${note}]`);
  return shape;
}

function elementTypeOf(type: DataType | undefined): ElementType | null {
  const name = String(type).toLowerCase();
  return Object.hasOwn(elementTypes, name) ? (name as ElementType) : null; // just checked
}
