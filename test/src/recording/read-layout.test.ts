import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { encodeEpisode } from "../../../src/recording/encode-episode.ts";
import { decodeEpisode } from "../../../src/recording/decode-episode.ts";
import { readLayout } from "../../../src/recording/read-layout.ts";
import type { Column } from "../../../src/recording/column.ts";
import { EpisodeFile, flagOf, floatsOf } from "../../../viewer/episode/episode-file.ts";
import { someEpisode } from "../../helpers/some-episode.ts";

const layoutOf = (bytes: Uint8Array): ReturnType<typeof readLayout> =>
  readLayout(bytes.length, (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)));

/** Columns by their full names. */
function flat(columns: ReadonlyMap<string, Column>, path = ""): [string, Column][] {
  return [...columns].flatMap(([name, column]): [string, Column][] =>
    column.kind === "group" ? flat(column.columns, `${path}${name}.`) : [[path + name, column]],
  );
}

for (const T of [1, 2, 7, 8, 63, 64, 500])
  test(`layout: reading ${T} steps part by part gives what Arrow's reader gives, without reading more than was asked for`, async () => {
    const bytes = encodeEpisode(someEpisode(T));
    const layout = await layoutOf(bytes);
    expect([layout.numSteps, layout.bytes]).toEqual([T, bytes.length]);
    const file = new EpisodeFile(layout, {
      read: (offset, length) => Promise.resolve(new Uint8Array(bytes.slice(offset, offset + length))),
    });
    const expected = flat(decodeEpisode(bytes).columns);
    expect(layout.columns.map((c) => c.name)).toEqual(expected.map(([name]) => name));
    for (const [name, column] of expected) {
      if (column.kind === "numbers") {
        const where = file.column(name, "numbers");
        if (where === null) throw new Error(`${name} is not in the layout`);
        expect([where.type, where.shape]).toEqual([column.type, column.shape]);
        const [part = new Uint8Array()] = await file.parts([where.at]);
        expect(floatsOf(where, part, T + 1)).toEqual(Float32Array.from(column.data as ArrayLike<number>, Number));
      } else if (column.kind === "flags") {
        const [bits = new Uint8Array()] = await file.parts([file.column(name, "flags")?.at ?? [0, 0]]);
        expect(Uint8Array.from({ length: T + 1 }, (_, t) => Number(flagOf(bits, t)))).toEqual(column.data);
      } else if (column.kind === "bytes") {
        const where = file.column(name, "bytes");
        if (where === null) throw new Error(`${name} is not in the layout`);
        const first = Math.floor(T / 3);
        const rows = await file.byteStrings(where, first, T + 1 - first);
        expect(rows.map((row) => [...row])).toEqual(column.values.slice(first).map((v) => [...(v ?? [])]));
      }
    }
  });

test("layout: a file that is cut anywhere, or no Arrow file, is refused with a FormatError", async () => {
  const bytes = encodeEpisode(someEpisode(40));
  for (const length of [0, 5, 19, 20, 100, bytes.length >> 1, bytes.length - 1])
    await expect(layoutOf(bytes.slice(0, length))).rejects.toThrow(FormatError);
  await expect(layoutOf(new Uint8Array(4000).fill(7))).rejects.toThrow("not a whole Arrow file");
  const long = bytes.slice();
  new DataView(long.buffer).setInt32(long.length - 10, 2 ** 30, true);
  await expect(layoutOf(long)).rejects.toThrow("footer");
});
