import { elementTypes, sizeOf } from "../../src/recording/column.ts";
import type { ColumnLayout, EpisodeLayout, Extent } from "../../src/protocol/index.ts";
import type { RemoteFile } from "../source/backend.ts";

/** Parts that lie nearer to each other than this are fetched together. */
const GAP_BYTES = 128 * 1024;
const OFFSET_BYTES = 4;

/** A column of one kind. */
export type LayoutOf<K extends ColumnLayout["kind"]> = Extract<ColumnLayout, { kind: K }>;

/** An episode's file, of which only what is asked for is fetched. */
export class EpisodeFile {
  readonly layout: EpisodeLayout;
  readonly #file: RemoteFile;
  readonly #columns: ReadonlyMap<string, ColumnLayout>;

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
  async byteStrings({ offsets, at }: LayoutOf<"bytes">, first: number, count: number): Promise<Uint8Array[]> {
    const bytes = await this.#file.read(offsets[0] + first * OFFSET_BYTES, (count + 1) * OFFSET_BYTES);
    const bounds = new Int32Array(bytes.buffer);
    const [from = 0, to = 0] = [bounds[0], bounds[count]];
    if (from < 0 || to < from || to > at[1]) throw new Error("the recording's offsets make no sense");
    const data = await this.#file.read(at[0] + from, to - from);
    return Array.from({ length: count }, (_, i) => data.subarray((bounds[i] ?? 0) - from, (bounds[i + 1] ?? 0) - from));
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
  return values instanceof Float32Array
    ? values.subarray(0, length)
    : Float32Array.from({ length }, (_, i) => Number(values[i]));
}

/** Row `t` of a column of bits. */
export const flagOf = (bytes: Uint8Array, t: number): boolean => (((bytes[t >> 3] ?? 0) >> (t & 7)) & 1) === 1;
