import { deflateSync, inflateSync } from "node:zlib";
import { encodePng } from "gymnasium-js";
import { expect, test } from "vitest";
import { decodePng } from "../../../src/recording/decode-png.ts";

const size = { height: 3, width: 2, channels: 3 } as const;
const pixels = Uint8Array.from({ length: 18 }, (_, i) => (i * 37) % 256);

/** The same picture with every row under one filter, made by the filter's definition. */
function filtered(filter: number): Uint8Array {
  const at = (y: number, i: number): number => (y < 0 || i < 0 ? 0 : pixels[y * 6 + i]!);
  const rows: number[] = [];
  for (let y = 0; y < 3; y++) {
    rows.push(filter);
    for (let i = 0; i < 6; i++) {
      const [a, b, c] = [at(y, i - 3), at(y - 1, i), i < 3 ? 0 : at(y - 1, i - 3)];
      const p = a + b - c;
      const nearest = [a, b, c].toSorted((u, v) => Math.abs(p - u) - Math.abs(p - v))[0]!; // stable: a before b before c
      rows.push((at(y, i) - [0, a, b, Math.floor((a + b) / 2), nearest][filter]! + 256) % 256);
    }
  }
  return Uint8Array.from(rows);
}

/** A PNG file around some rows. */
const file = (rows: Uint8Array): Uint8Array => encodePng({ ...size, pixels }, () => deflateSync(rows));

test.each([0, 1, 2, 3, 4])("row filter %d gives the pixels back", (filter) => {
  const out = new Uint8Array(20).fill(7);
  decodePng(file(filtered(filter)), size, inflateSync, out, 1);
  expect([...out]).toEqual([7, ...pixels, 7]);
});

test.each([
  ["a cut file", file(filtered(0)).subarray(0, 60), "cut short"],
  [
    "another size",
    encodePng({ width: 1, height: 1, channels: 3, pixels: new Uint8Array(3) }),
    "1×1 pixels, expected 3×2",
  ],
  ["another kind", encodePng({ width: 2, height: 3, channels: 1, pixels: new Uint8Array(6) }), "expected RGB"],
  ["no picture", Uint8Array.of(1, 2, 3), "no PNG picture"],
  ["a JPEG", Uint8Array.of(0xff, 0xd8, 0xff), "JPEG"],
  ["an unknown filter", file(filtered(0).map((b, i) => (i === 0 ? 9 : b))), "row filter 9"],
])("%s is refused", (_, bytes, message) => {
  expect(() => decodePng(bytes, size, inflateSync, new Uint8Array(18), 0)).toThrow(message);
});
