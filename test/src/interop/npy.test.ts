import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { decodeNpy, encodeNpy } from "../../../src/interop/index.ts";

const MAGIC = Uint8Array.from("\x93NUMPY", (c) => c.charCodeAt(0));

/** A file of any version with the header text given; `data` follows it. */
function file(version: 1 | 2 | 3, header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + data.length);
  bytes.set([...MAGIC, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(data, start + text.length);
  return bytes;
}

const header = (shape: string, order = "False", descr = "<f4"): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;

/** Valid files: all versions, both orders, no dimension, one, two with and without elements. */
const valid: readonly Uint8Array[] = [
  encodeNpy([], Float32Array.of(2.5)),
  encodeNpy([2, 3], Float64Array.of(0, 1, 2, 3, 4, 5)),
  encodeNpy([0, 4], new Float32Array(0)),
  file(1, header("2, 3", "True", "<i2"), new Uint8Array(12)),
  file(2, header("3,"), new Uint8Array(12)),
  file(3, header("2, 2", "True", "|u1"), new Uint8Array(4)),
];

/** Reads damaged bytes: a whole array or a FormatError; anything else fails the test. */
function decoded(bytes: Uint8Array): boolean {
  try {
    const { shape, data } = decodeNpy("w", bytes);
    expect(shape.every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(true);
    expect(data.length).toBe(shape.reduce((product, n) => product * n, 1));
    return true;
  } catch (error) {
    if (error instanceof FormatError && error.code === "npy") return false;
    throw error;
  }
}

describe("decodeNpy", () => {
  test("reads files of versions 1 to 3", () => {
    for (const bytes of valid) expect(decoded(bytes)).toBe(true);
  });

  test.each([2, 3])("a version %i file that ends inside its header's length is cut off", (version) => {
    for (const size of [10, 11]) {
      const bytes = new Uint8Array(size);
      bytes.set([...MAGIC, version]);
      expect(() => decodeNpy("w", bytes)).toThrow(new FormatError("npy", "w: the header is cut off"));
    }
  });

  test("every proper prefix of a valid file is refused with FormatError", () => {
    for (const bytes of valid)
      for (let length = 0; length < bytes.length; length++) expect(decoded(bytes.subarray(0, length))).toBe(false);
  });

  test("any change of one byte of a valid file gives an array that fits its shape, or FormatError", () => {
    fc.assert(
      fc.property(fc.constantFrom(...valid), fc.nat(), fc.nat(255), (bytes, at, value) => {
        const damaged = bytes.slice();
        damaged[at % bytes.length] = value;
        decoded(damaged);
      }),
      { numRuns: 5000 },
    );
  });

  test("any bytes after the magic string give an array or FormatError", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2, 3, 4), fc.uint8Array({ maxLength: 40 }), (version, rest) => {
        decoded(Uint8Array.of(...MAGIC, version, ...rest));
      }),
    );
  });

  test.each(["2 3", "1L2", "L", "2,,3", "9007199254740993", `0, ${"9".repeat(400)}`])(
    "a shape (%s) that is no list of whole numbers is refused",
    (shape) => {
      expect(() => decodeNpy("w", file(1, header(shape)))).toThrow(FormatError);
      expect(() => decodeNpy("w", file(1, header(shape)))).toThrow(/^w: header .* is not understood$/);
    },
  );

  test("numpy 1's long integers of Python 2 are sizes as well", () => {
    expect(decodeNpy("w", file(1, header("2L, 1L"), new Uint8Array(8))).shape).toEqual([2, 1]);
  });

  test("a header of a million letters is refused like a short one", () => {
    expect(() => decodeNpy("w", file(2, "x".repeat(1_000_000)))).toThrow(FormatError);
  });
});

describe("encodeNpy", () => {
  test.each([
    { shape: [5], size: 3 },
    { shape: [], size: 0 },
    { shape: [2, 2], size: 2 },
    { shape: [-1, -3], size: 3 },
    { shape: [1.5, 2], size: 3 },
  ])("refuses shape $shape for $size elements", ({ shape, size }) => {
    const message = `.npy file: ${size} elements came, but the shape is [${shape.join(", ")}]`;
    expect(() => encodeNpy(shape, new Float32Array(size))).toThrow(new FormatError("npy", message));
  });
});
