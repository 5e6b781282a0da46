import { elementTypes, sizeOf } from "../../src/recording/column.ts";
import type { ColumnLayout, EpisodeLayout, Extent } from "../../src/protocol/index.ts";
import type { RemoteFile } from "../source/backend.ts";

/** Parts that lie nearer to each other than this are fetched together. */
const GAP_BYTES = 128 * 1024;
const OFFSET_BYTES = 4;
/** Offsets of a column's byte strings up to this size are fetched all at once, so that later a jump needs one request instead of two. */
const MAX_OFFSETS_BYTES = 1024 * 1024;

/** A column of one kind. */
export type LayoutOf<K extends ColumnLayout["kind"]> = Extract<ColumnLayout, { kind: K }>;

/** An episode's file, of which only what is asked for is fetched. */
export class EpisodeFile {
  readonly layout: EpisodeLayout;
  readonly #file: RemoteFile;
  readonly #columns: ReadonlyMap<string, ColumnLayout>;
  readonly #offsets = new Map<string, Promise<Int32Array>>();

  constructor(layout: EpisodeLayout, file: RemoteFile) {
    this.layout = layout;
    this.#file = file;
    this.#columns = new Map(layout.columns.map((c) => [c.name, c]));
  }

  /** A column of this kind, or null. */
  column<K extends ColumnLayout["kind"]>(name: string, kind: K): LayoutOf<K> | null {
    const column = this.#columns.get(name);
    return column?.kind === kind ? (column as LayoutOf<K>) : null; // its kind says so
  }

  /** Fetches several parts, those close to each other together. */
  async parts(extents: readonly Extent[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const spans = together(extents);
    const fetched = await Promise.all(spans.map(([from, to]) => this.#file.read(from, to - from)));
    return extents.map(([at, length]) => {
      const i = spans.findIndex(([from, to]) => at >= from && at + length <= to);
      const [from = 0] = spans[i] ?? [];
      return (fetched[i] ?? new Uint8Array()).slice(at - from, at - from + length); // a copy is aligned
    });
  }

  /** Rows [first, first + count) of byte strings; an empty one stands for none. */
  async byteStrings(column: LayoutOf<"bytes">, first: number, count: number): Promise<Uint8Array[]> {
    const { at } = column;
    const bounds = await this.#bounds(column, first, count);
    const [from = 0, to = 0] = [bounds[0], bounds[count]];
    if (from < 0 || to < from || to > at[1]) throw new Error("the recording's offsets make no sense");
    const data = await this.#file.read(at[0] + from, to - from);
    return Array.from({ length: count }, (_, i) => data.subarray((bounds[i] ?? 0) - from, (bounds[i + 1] ?? 0) - from));
  }

  /** Where rows [first, first + count) begin, and where the last ends. */
  async #bounds({ name, offsets }: LayoutOf<"bytes">, first: number, count: number): Promise<Int32Array> {
    const [at, length] = offsets;
    if (length > MAX_OFFSETS_BYTES) return this.#int32(at + first * OFFSET_BYTES, count + 1);
    const known = this.#offsets.get(name) ?? this.#int32(at, Math.floor(length / OFFSET_BYTES));
    this.#offsets.set(name, known);
    known.catch(() => this.#offsets.delete(name)); // asked for again when it is wanted again
    return (await known).subarray(first, first + count + 1);
  }

  async #int32(at: number, count: number): Promise<Int32Array> {
    return new Int32Array((await this.#file.read(at, count * OFFSET_BYTES)).buffer);
  }
}

/** Extents as few spans [from, to). */
function together(extents: readonly Extent[]): [number, number][] {
  const spans: [number, number][] = [];
  for (const [at, length] of extents.toSorted((a, b) => a[0] - b[0])) {
    const last = spans.at(-1);
    if (last !== undefined && at - last[1] <= GAP_BYTES) last[1] = Math.max(last[1], at + length);
    else spans.push([at, at + length]);
  }
  return spans;
}

/** The first `count` rows of a column of numbers as float32. `bytes` begin at the start of an array buffer. */
export function floatsOf(column: LayoutOf<"numbers">, bytes: Uint8Array<ArrayBuffer>, count: number): Float32Array {
  const values = new elementTypes[column.type](bytes.buffer);
  const length = count * sizeOf(column.shape);
  if (values instanceof Float32Array) return values.subarray(0, length);
  const floats = new Float32Array(length);
  for (let i = 0; i < length; i++) floats[i] = Number(values[i]);
  return floats;
}

/** Row `t` of a column of bits. */
export const flagOf = (bytes: Uint8Array, t: number): boolean => (((bytes[t >> 3] ?? 0) >> (t & 7)) & 1) === 1;
