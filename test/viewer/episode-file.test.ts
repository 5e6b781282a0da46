import { expect, test } from "vitest";
import type { EpisodeLayout } from "../../src/protocol/index.ts";
import { Blocks } from "../../viewer/episode/blocks.ts";
import { EpisodeFile, floatsOf } from "../../viewer/episode/episode-file.ts";

/** A file with byte strings of 3 bytes each: offsets at byte 0, strings behind them. `asked` counts requests. */
function fileOfStrings(count: number) {
  const offsets = Int32Array.from({ length: count + 1 }, (_, i) => 3 * i);
  const bytes = new Uint8Array(offsets.byteLength + 3 * count).fill(7);
  bytes.set(new Uint8Array(offsets.buffer));
  for (let i = 0; i < count; i++) bytes[offsets.byteLength + 3 * i] = i % 251;
  const column = {
    kind: "bytes" as const,
    name: "strings",
    offsets: [0, offsets.byteLength] as [number, number],
    at: [offsets.byteLength, 3 * count] as [number, number],
  };
  const layout: EpisodeLayout = { numSteps: count - 1, bytes: bytes.length, columns: [column] };
  const asked: [number, number][] = [];
  const file = new EpisodeFile(layout, {
    read: (offset, length) => {
      asked.push([offset, length]);
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
  });
  return { file, column, asked };
}

test("a jump in a column of byte strings is one request, once where they begin is known", async () => {
  const { file, column, asked } = fileOfStrings(1000);
  const rows = await file.byteStrings(column, 500, 2);
  expect(rows.map((row) => [...row])).toEqual([
    [500 % 251, 7, 7],
    [501 % 251, 7, 7],
  ]);
  const before = asked.length;
  expect((await file.byteStrings(column, 900, 1))[0]?.[0]).toBe(900 % 251);
  expect(asked.length - before).toBe(1);
});

test("of a very long column only the offsets asked for are fetched", async () => {
  const { file, column, asked } = fileOfStrings(300_000);
  expect((await file.byteStrings(column, 299_998, 2)).map((row) => row[0])).toEqual([299_998 % 251, 299_999 % 251]);
  expect(asked).toEqual([
    [299_998 * 4, 12],
    [column.at[0] + 299_998 * 3, 6],
  ]);
});

test("blocks say what is here without fetching it", async () => {
  const fetched: number[] = [];
  const blocks = new Blocks(100, 10, (first, count) => {
    fetched.push(first);
    return Promise.resolve(Array.from({ length: count }, (_, i) => first + i));
  });
  expect(blocks.has(42)).toBe(false);
  expect(fetched).toEqual([]);
  await blocks.load(42);
  expect([39, 40, 49, 50].map((t) => blocks.has(t))).toEqual([false, true, true, false]);
});

test("numbers of every type become float32", () => {
  const column = (type: "int64" | "float64" | "float32" | "uint8") => ({
    kind: "numbers" as const,
    name: "x",
    type,
    shape: [2],
    at: [0, 0] as [number, number],
  });
  const bytesOf = (data: { readonly buffer: ArrayBuffer }): Uint8Array<ArrayBuffer> => new Uint8Array(data.buffer);
  expect([...floatsOf(column("int64"), bytesOf(BigInt64Array.of(-3n, 4n, 5n, 6n)), 1)]).toEqual([-3, 4]);
  expect([...floatsOf(column("float64"), bytesOf(Float64Array.of(0.5, -2, 9, 9)), 1)]).toEqual([0.5, -2]);
  expect([...floatsOf(column("float32"), bytesOf(Float32Array.of(1, 2, 3, 4)), 2)]).toEqual([1, 2, 3, 4]);
  expect([...floatsOf(column("uint8"), bytesOf(Uint8Array.of(9, 8, 7, 6)), 1)]).toEqual([9, 8]);
});
