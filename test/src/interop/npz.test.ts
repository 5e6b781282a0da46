import { describe, expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { decodeNpy, decodeNpz, encodeNpy, encodeNpz, readZip, writeZip } from "../../../src/interop/index.ts";

// Written by numpy 2 with savez and savez_compressed: float32 [2, 3] k / 4, a float64 array in Fortran order, int64, a scalar.
const byNumpy = {
  stored: Buffer.from(
    "UEsDBC0AAAAAAAAAIQAKnACk//////////8XABQAcm5uX2NlbGwuZmYxLndlaWdodC5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEAdg" +
      "B7J2Rlc2NyJzogJzxmNCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCAzKSwgfSAgICAgICAgICAgICAgICAgICAgICAg" +
      "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAgD4AAAA/AABAPwAAgD8AAKA/UEsDBC0AAAAAAAAAIQDkyAZg//////" +
      "////8LABQAZm9ydHJhbi5ucHkBABAAsAAAAAAAAACwAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzog" +
      "VHJ1ZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIC" +
      "AKAAAAAAAAAAAAAAAAAAAIQAAAAAAAAPA/AAAAAAAAEEAAAAAAAAAAQAAAAAAAABRAUEsDBC0AAAAAAAAAIQB0qPMw//////////8HABQAaWRz" +
      "Lm5weQEAEACYAAAAAAAAAJgAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJz" +
      "ogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAP7/////" +
      "////AwAAAAAAAABQSwMELQAAAAAAAAAhAGSMIsP//////////woAFABzY2FsYXIubnB5AQAQAIQAAAAAAAAAhAAAAAAAAACTTlVNUFkBAHYAey" +
      "dkZXNjcic6ICc8ZjQnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAg" +
      "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAAIEBQSwECLQMtAAAAAAAAACEACpwApJgAAACYAAAAFwAAAAAAAAAAAAAAgAEAAA" +
      "AAcm5uX2NlbGwuZmYxLndlaWdodC5ucHlQSwECLQMtAAAAAAAAACEA5MgGYLAAAACwAAAACwAAAAAAAAAAAAAAgAHhAAAAZm9ydHJhbi5ucHlQ" +
      "SwECLQMtAAAAAAAAACEAdKjzMJgAAACYAAAABwAAAAAAAAAAAAAAgAHOAQAAaWRzLm5weVBLAQItAy0AAAAAAAAAIQBkjCLDhAAAAIQAAAAKAA" +
      "AAAAAAAAAAAACAAZ8CAABzY2FsYXIubnB5UEsFBgAAAAAEAAQA6wAAAF8DAAAAAA==",
    "base64",
  ),
  compressed: Buffer.from(
    "UEsDBC0AAAAIAAAAIQAKnACk//////////8XABQAcm5uX2NlbGwuZmYxLndlaWdodC5ucHkBABAAmAAAAAAAAABWAAAAAAAAAJvsF+obEMnIUM" +
      "ZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsaaOgq1CmQDLgYwaLADEvYMDA5A3ADEC+wBUEsDBC0A" +
      "AAAIAAAAIQDkyAZg//////////8LABQAZm9ydHJhbi5ucHkBABAAsAAAAAAAAABXAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqGuo6" +
      "Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaRjoKxpo6CrUK5AMuBhTA4QChP9hDaAEonwFKizgAAFBLAwQtAAAACAAAACEAdKjzMP//////" +
      "////BwAUAGlkcy5ucHkBABAAmAAAAAAAAABOAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBY" +
      "oXZyQWpAL5GsY6mjoKtQoUAC5GBgj49x8CmKF8AFBLAwQtAAAACAAAACEAZIwiw///////////CgAUAHNjYWxhci5ucHkBABAAhAAAAAAAAABG" +
      "AAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAEuBgYFBwBQSwECLQ" +
      "MtAAAACAAAACEACpwApFYAAACYAAAAFwAAAAAAAAAAAAAAgAEAAAAAcm5uX2NlbGwuZmYxLndlaWdodC5ucHlQSwECLQMtAAAACAAAACEA5MgG" +
      "YFcAAACwAAAACwAAAAAAAAAAAAAAgAGfAAAAZm9ydHJhbi5ucHlQSwECLQMtAAAACAAAACEAdKjzME4AAACYAAAABwAAAAAAAAAAAAAAgAEzAQ" +
      "AAaWRzLm5weVBLAQItAy0AAAAIAAAAIQBkjCLDRgAAAIQAAAAKAAAAAAAAAAAAAACAAboBAABzY2FsYXIubnB5UEsFBgAAAAAEAAQA6wAAADwC" +
      "AAAAAA==",
    "base64",
  ),
};

const expected = [
  { name: "rnn_cell.ff1.weight", shape: [2, 3], data: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
  { name: "fortran", shape: [2, 3], data: Float64Array.of(0, 1, 2, 3, 4, 5) },
  { name: "ids", shape: [3], data: BigInt64Array.of(1n, -2n, 3n) },
  { name: "scalar", shape: [], data: Float32Array.of(2.5) },
];

describe("npz", () => {
  test.each(["stored", "compressed"] as const)(
    "reads what numpy wrote, %s, also from a buffer that is a view",
    (kind) => {
      expect(decodeNpz(byNumpy[kind])).toEqual(expected);
      expect(decodeNpz(Buffer.concat([Buffer.from("x"), byNumpy[kind]]).subarray(1))).toEqual(expected);
    },
  );

  test("reads back what it wrote, stored, byte for byte the same each time", () => {
    const tensors = [
      { name: "a.weight", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
      { name: "b", shape: [3], data: Float64Array.of(0.1, -1e300, 5) },
      { name: "empty", shape: [0, 4], data: new Float32Array(0) },
    ];
    const bytes = encodeNpz(tensors);
    expect(decodeNpz(bytes)).toEqual(tensors);
    expect(encodeNpz(tensors)).toEqual(bytes);
  });

  test("any flipped byte is refused or changes nothing that is read", () => {
    const tensors = [{ name: "w", shape: [2], data: Float32Array.of(1, 2) }];
    const bytes = encodeNpz(tensors);
    for (let i = 0; i < bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i]! ^= 0x41;
      try {
        expect(decodeNpz(damaged).map(({ data }) => data)).toEqual(tensors.map(({ data }) => data));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }
  });

  test("any cut-off file is refused", () => {
    for (const length of [0, 1, 21, 22, 100, byNumpy.compressed.length - 1]) {
      expect(() => decodeNpz(byNumpy.compressed.subarray(0, length))).toThrow(FormatError);
    }
  });

  test.each([
    ["not a .npy file", new Uint8Array(20), /not a \.npy file/],
    ["half precision", replaced("<f4", "<f2"), /element type <f2 is not supported/],
    ["big-endian numbers", replaced("<f4", ">f4"), /element type >f4 is not supported/],
    [
      "a shape that needs more data",
      replaced("(2, 2)", "(2, 3)"),
      /16 bytes of data, but shape \(2, 3\) of <f4 needs 24/,
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeNpy("w", bytes)).toThrow(FormatError);
    expect(() => decodeNpy("w", bytes)).toThrow(message);
  });

  test("a zip archive keeps names and bytes", () => {
    const entries = [
      { name: "grüße.txt", data: Uint8Array.of(1, 2, 3) },
      { name: "empty", data: new Uint8Array(0) },
    ];
    expect(readZip(writeZip(entries))).toEqual(entries);
  });
});

function replaced(from: string, to: string): Uint8Array {
  const text = Buffer.from(encodeNpy([2, 2], new Float32Array(4))).toString("latin1");
  return new Uint8Array(Buffer.from(text.replace(from, to), "latin1"));
}
