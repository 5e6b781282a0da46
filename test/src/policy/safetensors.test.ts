import fc from "fast-check";
import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "../../../src/policy/safetensors.ts";

const weights: NamedTensor = { name: "actor.scale", shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) };
const mask: NamedTensor = { name: "mask", shape: [3], data: Uint8Array.of(1, 0, 1) };
const count: NamedTensor = { name: "a", shape: [], data: Float64Array.of(-0) };

/** A file with the given header text and data, for damage the encoder cannot make. */
function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const codeOf = (bytes: Uint8Array): string => {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return "none";
};

test("a file by hand: the bytes that the format's specification asks for", () => {
  const bytes = encodeSafetensors([{ name: "w", shape: [1], data: Float32Array.of(1) }], { b: "2", a: "1" });
  const header = '{"__metadata__":{"a":"1","b":"2"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'.padEnd(
    88,
    " ",
  );
  expect(bytes).toEqual(file(header, Uint8Array.of(0, 0, 0x80, 0x3f)));
});

test("order of the tensors and of the metadata does not change the bytes; data starts at a multiple of 8", () => {
  const one = encodeSafetensors([weights, mask, count], { x: "1", y: "2" });
  const other = encodeSafetensors([count, weights, mask], { y: "2", x: "1" });
  expect(other).toEqual(one);
  expect(new DataView(one.buffer).getUint8(0) % 8).toBe(0);
});

test("wider elements come first, so that no reader meets an unaligned tensor", () => {
  const text = new TextDecoder().decode(encodeSafetensors([mask, weights, count]));
  expect(text).toContain('"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}');
  expect(text).toContain('"actor.scale":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]}');
  expect(text).toContain('"mask":{"dtype":"U8","shape":[3],"data_offsets":[32,35]}');
});

test("views into larger buffers are written and read from unaligned places", () => {
  const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
  const bytes = encodeSafetensors([{ name: "w", shape: [2], data }]);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeSafetensors(shifted.subarray(3)).tensors[0]?.data).toEqual(Float32Array.of(1, 2));
});

test("a Node Buffer is read like any other bytes, and the arrays are copies of it", () => {
  const buffer = Buffer.from(encodeSafetensors([weights]));
  const { tensors } = decodeSafetensors(buffer);
  buffer.fill(0);
  expect(tensors).toEqual([weights]);
});

const arrays = fc.oneof(
  fc.float32Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 9 }),
  fc.int8Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
  fc.int16Array({ maxLength: 9 }),
  fc.uint16Array({ maxLength: 9 }),
  fc.int32Array({ maxLength: 9 }),
  fc.uint32Array({ maxLength: 9 }),
  fc.bigInt64Array({ maxLength: 9 }),
  fc.bigUint64Array({ maxLength: 9 }),
);
const someTensors = fc
  .uniqueArray(
    fc.record({ name: fc.string({ unit: "binary" }).filter((name) => name !== "__metadata__"), data: arrays }),
    { maxLength: 6, selector: ({ name }) => name },
  )
  .map((list) => list.map(({ name, data }): NamedTensor => ({ name, shape: [data.length], data })));

test("any tensors and metadata come back bit for bit, sorted by name", () => {
  fc.assert(
    fc.property(someTensors, fc.dictionary(fc.string({ unit: "binary" }), fc.string()), (tensors, metadata) => {
      const back = decodeSafetensors(encodeSafetensors(tensors, metadata));
      const sorted = tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      expect(back.tensors).toEqual(sorted);
      expect(back.metadata).toEqual({ ...metadata });
    }),
  );
});

test("cutting a file anywhere, or adding to it, is refused", () => {
  const bytes = encodeSafetensors([weights, mask], { k: "v" });
  for (let n = 0; n < bytes.length; n++) expect(codeOf(bytes.subarray(0, n)), `${n} bytes`).not.toBe("none");
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  expect(codeOf(longer)).toBe("safetensors-offsets");
});

test("random damage gives a FormatError or a valid file, never another error", () => {
  const bytes = encodeSafetensors([weights, mask, count], { k: "v" });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (hits) => {
      const damaged = bytes.slice();
      for (const [at, value] of hits) damaged[at] = value;
      codeOf(damaged);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["no file at all", new Uint8Array(3), "safetensors-truncated"],
  ["a header length beyond the limit", new Uint8Array(16).fill(255), "safetensors-header"],
  ["a header that is no JSON", file("{"), "safetensors-header"],
  ["a header that is no object", file("[]"), "safetensors-header"],
  ["a header that is no UTF-8", file("{}").map((b, i) => (i === 8 ? 0xff : b)), "safetensors-header"],
  ["metadata that is no text", file('{"__metadata__":{"a":1}}'), "safetensors-header"],
  ["an unknown dtype", file('{"w":{"dtype":"F8","shape":[0],"data_offsets":[0,0]}}'), "safetensors-dtype"],
  [
    "a dtype named like a method",
    file('{"w":{"dtype":"toString","shape":[],"data_offsets":[0,4]}}'),
    "safetensors-dtype",
  ],
  ["a negative dimension", file('{"w":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}'), "safetensors-shape"],
  ["offsets of another size", file('{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,3]}}'), "safetensors-offsets"],
  [
    "a tensor named twice",
    file(
      '{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\\u0077":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}',
    ),
    "safetensors-name",
  ],
  [
    "overlapping tensors",
    file(
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}',
      new Uint8Array(3),
    ),
    "safetensors-offsets",
  ],
  ["a gap", file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}', new Uint8Array(2)), "safetensors-offsets"],
])("%s is refused", (_, bytes, code) => {
  expect(codeOf(bytes)).toBe(code);
});

test("encoding refuses a duplicate name, the reserved name, and a shape that does not fit", () => {
  expect(() => encodeSafetensors([mask, mask])).toThrow('two tensors are named "mask"');
  expect(() => encodeSafetensors([{ ...mask, name: "__metadata__" }])).toThrow("cannot be named");
  expect(() => encodeSafetensors([{ ...mask, shape: [2, 2] }])).toThrow(
    '"mask" has 3 elements, but its shape is [2, 2]',
  );
});
