import { FormatError } from "../errors.ts";

/** Bytes before the section table. */
export const HEADER_BYTES = 24;
/** First two bytes of every frame, read as a little-endian u16: "el". */
export const MAGIC = 0x6c65;
/** Version of the frame layout. */
export const FRAME_VERSION = 1;
/** What a frame is about; receivers skip kinds they do not know. */
export const FrameKind = { step: 1, ack: 2, bitmap: 3 } as const;

const TABLE_HEADER_BYTES = 8;
const TABLE_ENTRY_BYTES = 16;
const ALIGN = 8;

/** Element types a section may hold, by their number on the wire. */
export type SectionData = Uint8Array | Float32Array | Float64Array | Int32Array;

/** One aligned typed array inside a frame. */
export interface Section {
  /** meaning of the section; see docs/protocol.md */
  readonly id: number;
  readonly data: SectionData;
}

/** The fixed part of a frame. */
export interface FrameHeader {
  readonly kind: number;
  /** u32, counts the frames of one connection up */
  readonly seq: number;
  /** u32, frames left out for this client so far because a later one came before it had credit */
  readonly dropped: number;
  /** when the frame was sent [ms since 1970] */
  readonly sentAt: number;
}

/** A decoded frame. Section arrays are views into the received bytes. */
export interface BinaryFrame {
  readonly header: FrameHeader;
  readonly sections: ReadonlyMap<number, SectionData>;
}

const align = (offset: number): number => Math.ceil(offset / ALIGN) * ALIGN;

function typeCode(data: SectionData): number {
  if (data instanceof Uint8Array) return 1;
  if (data instanceof Float32Array) return 2;
  if (data instanceof Float64Array) return 3;
  return 4;
}

/** Packs a header and sections into one frame; layout in docs/protocol.md. */
export function encodeBinaryFrame(header: FrameHeader, sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  let end = align(HEADER_BYTES + TABLE_HEADER_BYTES + sections.length * TABLE_ENTRY_BYTES);
  const offsets = sections.map(({ data }) => {
    const offset = end;
    end = align(end + data.byteLength);
    return offset;
  });
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, FRAME_VERSION);
  view.setUint8(3, header.kind);
  view.setUint32(8, end, true);
  stampFrame(bytes, header);
  view.setUint32(HEADER_BYTES, sections.length, true);
  sections.forEach(({ id, data }, i) => {
    const entry = HEADER_BYTES + TABLE_HEADER_BYTES + i * TABLE_ENTRY_BYTES;
    view.setUint16(entry, id, true);
    view.setUint8(entry + 2, typeCode(data));
    view.setUint32(entry + 4, offsets[i] ?? 0, true);
    view.setUint32(entry + 8, data.length, true);
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offsets[i]);
  });
  return bytes;
}

/** Overwrites what differs from client to client, so that one encoded frame can go to many. Mutates `bytes`. */
export function stampFrame(bytes: Uint8Array, { seq, dropped, sentAt }: Omit<FrameHeader, "kind">): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(4, seq, true);
  view.setUint32(12, dropped, true);
  view.setFloat64(16, sentAt, true);
}

/**
 * Unpacks a frame. Little-endian machines only, as all typed-array code here; arrays are views where the bytes lie 8-aligned, else of a copy.
 *
 * Throws FormatError `bad-frame` on anything that is not a whole, well-formed frame.
 */
export function decodeBinaryFrame(received: Uint8Array): BinaryFrame {
  const bytes = received.byteOffset % ALIGN === 0 ? received : new Uint8Array(received); // not slice(): a Node Buffer would share
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  const sections = new Map<number, SectionData>();
  const numSections = readTableSize(view);
  for (let i = 0; i < numSections; i++) {
    const entry = HEADER_BYTES + TABLE_HEADER_BYTES + i * TABLE_ENTRY_BYTES;
    const id = view.getUint16(entry, true);
    if (sections.has(id)) throw bad(`section ${id} comes twice`);
    const data = readSection(
      bytes,
      view.getUint8(entry + 2),
      view.getUint32(entry + 4, true),
      view.getUint32(entry + 8, true),
    );
    if (data !== null) sections.set(id, data);
  }
  return { header, sections };
}

function readHeader(view: DataView): FrameHeader {
  if (view.byteLength < HEADER_BYTES) throw bad(`${view.byteLength} bytes, at least ${HEADER_BYTES} expected`);
  if (view.getUint16(0, true) !== MAGIC) throw bad("the first two bytes are not 'el'");
  const version = view.getUint8(2);
  if (version !== FRAME_VERSION) throw bad(`layout version ${version}, ${FRAME_VERSION} expected`);
  const length = view.getUint32(8, true);
  if (length !== view.byteLength) throw bad(`the header says ${length} bytes, ${view.byteLength} came`);
  return {
    kind: view.getUint8(3),
    seq: view.getUint32(4, true),
    dropped: view.getUint32(12, true),
    sentAt: view.getFloat64(16, true),
  };
}

/** A frame that ends after its header has no sections. */
function readTableSize(view: DataView): number {
  if (view.byteLength === HEADER_BYTES) return 0;
  if (view.byteLength < HEADER_BYTES + TABLE_HEADER_BYTES) throw bad("the section table is cut off");
  const count = view.getUint32(HEADER_BYTES, true);
  const room = (view.byteLength - HEADER_BYTES - TABLE_HEADER_BYTES) / TABLE_ENTRY_BYTES;
  if (count > room) throw bad(`${count} sections announced, there is room for ${Math.floor(room)}`);
  return count;
}

/** Null for an element type this version does not know: the section is skipped. */
function readSection(bytes: Uint8Array, type: number, offset: number, length: number): SectionData | null {
  const size = [0, 1, 4, 8, 4][type];
  if (size === undefined || size === 0) return null;
  if (offset % ALIGN !== 0) throw bad(`a section starts at ${offset}, which is not 8-aligned`);
  if (offset + length * size > bytes.byteLength)
    throw bad(`a section ends at ${offset + length * size} of ${bytes.byteLength}`);
  const start = bytes.byteOffset + offset;
  switch (type) {
    case 1:
      return new Uint8Array(bytes.buffer, start, length);
    case 2:
      return new Float32Array(bytes.buffer, start, length);
    case 3:
      return new Float64Array(bytes.buffer, start, length);
    default:
      return new Int32Array(bytes.buffer, start, length);
  }
}

function bad(what: string): FormatError {
  return new FormatError("bad-frame", `binary frame: ${what}`);
}
