import fc from "fast-check";
import type { Bitmap, Frame } from "gymnasium-js";
import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import {
  decodeBinaryFrame,
  decodeBitmap,
  decodeScene,
  decodeStep,
  encodeAck,
  encodeBinaryFrame,
  encodeBitmap,
  encodeScene,
  encodeStep,
  FrameKind,
  HEADER_BYTES,
  stampFrame,
  type StepRecord,
} from "../../../src/protocol/index.ts";

const bitmap: Bitmap = { name: "lander", width: 2, height: 1, rgba: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
const everyPrimitive: Frame = {
  view: { x: -2, y: -1, width: 4, height: 2 },
  yAxis: "up",
  background: 0xfffffe,
  primitives: [
    { kind: "polygon", points: [0, 0, 1, 0, 1, 1], fill: 0x123456, alpha: 0.5 },
    { kind: "polygon", points: [], stroke: 0, strokeWidth: 2, alpha: 1 },
    { kind: "line", points: [0, 0, 2, 2], stroke: 0xff0000, width: 0.25, alpha: 1 },
    { kind: "circle", x: 1, y: 2, radius: 3, fill: 0x00ff00, stroke: 0x0000ff, strokeWidth: 0.5, alpha: 1 },
    { kind: "sprite", bitmap, x: 1, y: 1, width: 2, height: 3, angle: 0.5, alpha: 1 },
    { kind: "text", text: "speed 3 µm", x: 0, y: 0, size: 12, fill: 0xabcdef, align: "center" },
    {
      kind: "image",
      x: 0,
      y: 0,
      width: 1,
      height: 1,
      pixelWidth: 2,
      pixelHeight: 1,
      channels: 3,
      pixels: Uint8Array.of(9, 8, 7, 6, 5, 4),
    },
    {
      kind: "image",
      x: 5,
      y: 0,
      width: 1,
      height: 1,
      pixelWidth: 1,
      pixelHeight: 2,
      channels: 1,
      pixels: Uint8Array.of(3, 2),
    },
  ],
};
const record: StepRecord = {
  episode: 3,
  step: 41,
  elapsed: 1.5,
  reward: -1,
  return: 12.25,
  value: NaN,
  policyVersion: 7,
  terminated: false,
  truncated: true,
  obs: Float32Array.of(1, 2, 3),
  state: Float32Array.of(0.5, -0.5, 0.25, 0),
  motor: Float32Array.of(0.5, -0.5),
  action: Float32Array.of(1),
  logits: Float32Array.of(2, -2),
  probabilities: Float32Array.of(0.75, 0.25),
  scene: everyPrimitive,
};

test("a step with every primitive comes back as it was", () => {
  const bytes = encodeStep(record, () => 5);
  const frame = decodeBinaryFrame(bytes);
  expect(frame.header.kind).toBe(FrameKind.step);
  expect(decodeStep(frame, (id) => (id === 5 ? bitmap : undefined))).toEqual(record);
});

test("a step comes back from bytes that do not lie 8-aligned", () => {
  const bytes = encodeStep(record, () => 5);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeStep(decodeBinaryFrame(shifted.subarray(3)), () => bitmap)).toEqual(record);
  expect(decodeStep(decodeBinaryFrame(Buffer.from(shifted.buffer, 3)), () => bitmap)).toEqual(record);
});

test("stamping changes number, left-out count and time, and nothing else", () => {
  const bytes = encodeStep(record, () => 5);
  stampFrame(bytes, { seq: 9, dropped: 4, sentAt: 1234.5 });
  const { header } = decodeBinaryFrame(bytes);
  expect(header).toEqual({ kind: FrameKind.step, seq: 9, dropped: 4, sentAt: 1234.5 });
  expect(decodeStep(decodeBinaryFrame(bytes), () => bitmap)).toEqual(record);
});

test("a sprite whose bitmap has not come is left out, the rest is drawn", () => {
  const scene = decodeScene(
    encodeScene(everyPrimitive, () => 0),
    () => undefined,
  );
  expect(scene.primitives.map((p) => p.kind)).toEqual([
    "polygon",
    "polygon",
    "line",
    "circle",
    "text",
    "image",
    "image",
  ]);
});

test("a bitmap comes back with its number; one of the wrong size is refused", () => {
  expect(decodeBitmap(decodeBinaryFrame(encodeBitmap(3, bitmap)))).toEqual({ id: 3, bitmap });
  const short = { ...bitmap, height: 2 };
  expect(() => decodeBitmap(decodeBinaryFrame(encodeBitmap(3, short)))).toThrow(/8 bytes for 2 × 2/);
});

test("an acknowledgement is a bare header", () => {
  const bytes = encodeAck(77);
  expect(bytes.length).toBe(HEADER_BYTES);
  expect(decodeBinaryFrame(bytes).header).toMatchObject({ kind: FrameKind.ack, seq: 77 });
});

test("sections of unknown number or element type are skipped", () => {
  const bytes = encodeBinaryFrame({ kind: 1, seq: 0, dropped: 0, sentAt: 0 }, [
    { id: 99, data: Uint8Array.of(1) },
    { id: 5, data: Float32Array.of(2) },
  ]);
  bytes[HEADER_BYTES + 8 + 2] = 200;
  const { sections } = decodeBinaryFrame(bytes);
  expect([...sections.keys()]).toEqual([5]);
});

test("10,000 damaged frames: each is read or refused with a FormatError, never anything else", () => {
  const whole = encodeStep(record, () => 5);
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
  let refused = 0;
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (changes, cut) => {
      const bytes = whole.slice(0, cut % 4 === 0 ? cut : whole.length);
      for (const [i, value] of changes) if (i < bytes.length) bytes[i] = value;
      try {
        decodeStep(decodeBinaryFrame(bytes), () => bitmap);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    }),
    { numRuns: 10_000, seed: 1 },
  );
  expect(refused).toBeGreaterThan(1000);
});
